/** Which questions of a server look like questions for a secret, which a form must never collect (ELIC9, T143). A hint, not a proof. */

import { isSecretName, secretShapeIn } from './secretPatterns';

/** What is known of a question. */
interface Question {
  readonly key: string;
  readonly title?: string;
  readonly description?: string;
  readonly input: { readonly kind: string; readonly format?: string };
}

/** The fields that look as if a secret were to be typed into them. */
export function fieldsLikeSecrets<T extends Question>(fields: readonly T[]): readonly T[] {
  return fields.filter(asksForSecret);
}

/** True when the question looks like one for a password, a key, a code or a card. */
export function asksForSecret({ key, title = '', description = '', input }: Question): boolean {
  if (input.kind !== 'string' && input.kind !== 'number') return false;
  if (input.format === 'password') return true;
  const name = `${spaced(key)} ${title}`;
  return (
    isSecretName(`${key} ${title}`) || CODE_WORDS.test(name) || PASSWORD_WORDS.test(`${name} ${description}`)
  );
}

/** What kind of secret an answer holds in plain sight, if any. */
export function secretInAnswer(value: unknown): string | undefined {
  return typeof value === 'string' ? secretShapeIn(value) : undefined;
}

/** Names are short, so words of one or two meanings count there. */
const CODE_WORDS =
  /(?:^|[^\p{L}])(?:otp|totp|pin|puk|tan|cvv|cvc|mfa|2fa|ssn|iban|seed|mnemonic|code|card ?number|recovery)(?:$|[^\p{L}])/iu;

/** Words for a password or a phrase, in the languages most phishing is written in. */
const PASSWORD_WORDS =
  /pass ?word|pass ?phrase|seed phrase|recovery phrase|private key|api ?key|access token|one.time code|credit card|kennwort|passwort|zugangsdaten|mot de passe|contrase|clave|senha|parola|wachtwoord|hasło|пароль|密码|密碼|口令|パスワード|暗証番号|비밀번호|كلمة المرور|पासवर्ड/iu;

/** `seedPhrase`, `seed_phrase`: as words. */
function spaced(key: string): string {
  return key.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').replaceAll(/[_-]/g, ' ');
}
