/** Network settings of a machine that reaches everything directly. */

import type { NetworkSettings } from '../../src/client/contract';

export const DIRECT: NetworkSettings = { strictTls: true, certificates: [], systemCertificates: false };
