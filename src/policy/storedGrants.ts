/** Rules as JSON, and back: whatever is not whole is no rule. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import {
  isWithinLimits,
  recentUses,
  type GrantAmount,
  type GrantBounds,
  type GrantExtra,
  type GrantScope,
  type GrantUse,
  type SamplingGrant,
} from './samplingGrants';

/** A rule as it is kept. @param now milliseconds since the epoch: older uses are left out */
export function storedGrant(grant: SamplingGrant, now: number): JsonObject {
  const { id, fingerprint, serverId, serverName, scope, tool, model, bounds, covers, since, until } = grant;
  return {
    id,
    fingerprint,
    serverId,
    serverName,
    scope: { ...scope },
    ...(tool === undefined ? {} : { tool }),
    ...(model === undefined ? {} : { model: { ...model } }),
    bounds: {
      tokensPerRequest: bounds.tokensPerRequest,
      hour: { ...bounds.hour },
      day: { ...bounds.day },
    },
    covers,
    since,
    ...(until === undefined ? {} : { until }),
    uses: recentUses(grant.uses, now).map(({ at, tokens }): JsonValue => [at, tokens]),
  };
}

/** Reads one back. A restriction that cannot be read is never left out: then there is no rule. */
export function readGrant(stored: unknown): SamplingGrant | undefined {
  if (!isObject(stored)) return undefined;
  const [id, fingerprint, serverId, serverName] = NAMES.map((name) => ownString(stored, name));
  const scope = readScope(own(stored, 'scope'));
  const bounds = readBounds(own(stored, 'bounds'));
  const uses = readUses(own(stored, 'uses'));
  const covers = readCovers(own(stored, 'covers'));
  const since = own(stored, 'since');
  const [tool, until, model] = [own(stored, 'tool'), own(stored, 'until'), own(stored, 'model')];
  if (!isName(id) || !isName(fingerprint) || serverId === undefined || serverName === undefined)
    return undefined;
  if (!scope || !bounds || !uses || !covers || !isTime(since)) return undefined;
  if (tool !== undefined && typeof tool !== 'string') return undefined;
  if (until !== undefined && !isTime(until)) return undefined;
  const ofModel = readModel(model);
  if (model !== undefined && !ofModel) return undefined;
  return {
    id,
    fingerprint,
    serverId,
    serverName,
    scope,
    ...(tool === undefined ? {} : { tool }),
    ...(ofModel ? { model: ofModel } : {}),
    bounds,
    covers,
    since,
    ...(until === undefined ? {} : { until }),
    uses,
  };
}

const NAMES = ['id', 'fingerprint', 'serverId', 'serverName'] as const;

/** A rule of a session is never kept. */
function readScope(value: JsonValue | undefined): GrantScope | undefined {
  if (!isObject(value)) return undefined;
  const workspace = ownString(value, 'workspace');
  switch (ownString(value, 'kind')) {
    case 'always':
      return { kind: 'always' };
    case 'workspace':
      return isName(workspace) ? { kind: 'workspace', workspace } : undefined;
    default:
      return undefined;
  }
}

function readBounds(value: JsonValue | undefined): GrantBounds | undefined {
  if (!isObject(value)) return undefined;
  const tokensPerRequest = own(value, 'tokensPerRequest');
  const [hour, day] = [readAmount(own(value, 'hour')), readAmount(own(value, 'day'))];
  if (typeof tokensPerRequest !== 'number' || !hour || !day) return undefined;
  const bounds = { tokensPerRequest, hour, day };
  return isWithinLimits(bounds) ? bounds : undefined;
}

function readAmount(value: JsonValue | undefined): GrantAmount | undefined {
  if (!isObject(value)) return undefined;
  const [requests, tokens] = [own(value, 'requests'), own(value, 'tokens')];
  return typeof requests === 'number' && typeof tokens === 'number' ? { requests, tokens } : undefined;
}

function readModel(value: JsonValue | undefined): SamplingGrant['model'] {
  if (!isObject(value)) return undefined;
  const [key, name] = [ownString(value, 'key'), ownString(value, 'name')];
  return key === undefined || name === undefined ? undefined : { key, name };
}

function readCovers(value: JsonValue | undefined): readonly GrantExtra[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  const known = values.filter((extra): extra is GrantExtra => extra === 'media' || extra === 'context');
  return known.length === values.length ? known : undefined;
}

/** A use that cannot be read might be one of many: then there is no rule either. */
function readUses(value: JsonValue | undefined): readonly GrantUse[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  const uses = values.flatMap((use): readonly GrantUse[] => {
    const parts: readonly unknown[] = Array.isArray(use) ? use : [];
    const [at, tokens, more] = parts;
    return isTime(at) && isTime(tokens) && more === undefined ? [{ at, tokens }] : [];
  });
  return uses.length === values.length ? uses : undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isName(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
