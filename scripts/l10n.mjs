// @ts-check
// `npm run l10n`: writes the texts of the source into the bundle that translations are made from.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleFile, l10nBundle } from './lib/l10nTexts.mjs';

mkdirSync(path.dirname(bundleFile), { recursive: true });
writeFileSync(bundleFile, l10nBundle());
