/** What a secret looks like: well-known token shapes and the names that secrets go by (T017, T156, T158). */

import { OAUTH_SECRETS } from './oauthRule';

/** A token shape. `pattern` is global and linear: one quantifier after a literal start that cannot match inside itself. */
interface SecretShape {
  readonly label: string;
  readonly pattern: RegExp;
}

const SHAPES: readonly SecretShape[] = [
  {
    label: 'private key',
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  },
  { label: 'GitHub token', pattern: /(?<![\w-])gh[opusr]_[A-Za-z0-9]{16,}/g },
  { label: 'GitHub token', pattern: /(?<![\w-])github_pat_\w{16,}/g },
  { label: 'GitLab token', pattern: /(?<![\w-])glpat-[\w-]{16,}/g },
  { label: 'API key', pattern: /(?<![\w-])[sr]k[-_][\w-]{16,}/g },
  { label: 'AWS key', pattern: /(?<![\w-])A(?:KIA|SIA)[0-9A-Z]{16}(?![0-9A-Za-z])/g },
  { label: 'Slack token', pattern: /(?<![\w-])xox[abeoprs]-[\w-]{10,}/g },
  { label: 'Google key', pattern: /(?<![\w-])AIza[\w-]{30,}/g },
  { label: 'Google token', pattern: /(?<![\w-])ya29\.[\w-]{16,}/g },
  { label: 'npm token', pattern: /(?<![\w-])npm_[A-Za-z0-9]{30,}/g },
  { label: 'PyPI token', pattern: /(?<![\w-])pypi-[\w-]{16,}/g },
  { label: 'Hugging Face token', pattern: /(?<![\w-])hf_[A-Za-z0-9]{20,}/g },
  { label: 'signed token', pattern: /(?<![\w.-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g },
  { label: 'authorization value', pattern: /(?<![\w-])(?:Bearer|Basic)[ \t]{1,8}(?!\$\{)[\w.~+/=-]{8,}/gi },
];

/** `user:password@` in a URL. The run before the `@` cannot hold a slash, so it is looked at once. */
const USERINFO = /(?<=:\/\/)[^\s/@:"']{0,256}:(?!\$\{)[^\s/@"']{1,1024}(?=@)/g;

const SECRET_NOUNS =
  '(?:api|access|auth|secret|private|client)[_-]?(?:key|token|secret)|token|secret|password|passwd|credentials?';
const VALUE = '(?!\\$\\{)([^\\s"\'&,;]{6,})';
/** `api_key=…`, `"password": "…"`: the name and the sign stay, the value goes. */
const ASSIGNMENT = new RegExp(
  `(?<![A-Za-z0-9])((?:${SECRET_NOUNS})["']?[ \\t]{0,4}[:=][ \\t]{0,4}["']?)${VALUE}`,
  'gi',
);
/** `--token …`. Without the dashes these would be ordinary words in a sentence. */
const FLAG = new RegExp(`(?<![\\w-])(--?[\\w-]{0,40}(?:${SECRET_NOUNS})[ \\t]{1,4}["']?)(?!-)${VALUE}`, 'gi');

/** What stands for a secret. */
export const MASK = '***';

/** Replaces everything that has the shape of a secret. Linear. */
export function maskSecretShapes(text: string): string {
  let masked = text;
  for (const { pattern } of SHAPES) masked = masked.replaceAll(pattern, MASK);
  masked = masked.replaceAll(USERINFO, MASK);
  for (const pattern of [ASSIGNMENT, FLAG]) {
    masked = masked.replaceAll(pattern, (match, name: string, value: string) =>
      value.startsWith(MASK) ? match : `${name}${MASK}`,
    );
  }
  return masked;
}

/** What kind of secret the text holds in plain sight, or undefined. References such as `${env:X}` are not secrets. */
export function secretShapeIn(text: string): string | undefined {
  for (const { label, pattern } of SHAPES) if (text.search(pattern) !== -1) return label;
  if (text.search(USERINFO) !== -1) return 'password in a URL';
  if (text.search(ASSIGNMENT) !== -1 || text.search(FLAG) !== -1) return 'secret value';
  return undefined;
}

/** True for fields of an entry, such as `env.TOKEN`, whose values are secrets by their name. */
export function isSecretField(field: string): boolean {
  const [, family, name = ''] = /^(env|headers|oauth)\.(.*)$/s.exec(field) ?? [];
  return family === 'oauth' ? OAUTH_SECRETS.has(name) : family !== undefined && isSecretName(name);
}

/** Words that mark a name as that of a secret, wherever they stand in it. */
const SECRET_WORDS = /token|secret|key|passw|pwd|credential|auth|cookie|session|(?:^|[^a-z])pat(?:$|[^a-z])/i;

/** True for names under which secrets are kept: `GITHUB_TOKEN`, `X-Api-Key`. */
export function isSecretName(name: string): boolean {
  return SECRET_WORDS.test(name);
}
