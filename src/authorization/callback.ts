/** Checks what comes back from a sign-in (AUTH15, AUTH16, T081, T084, T087). Pure but for the library's own checks. */

import { AuthorizationResponseError, validateAuthResponse, type AuthorizationServer } from 'oauth4webapi';

import { FailureError } from '../protocol/failure';
import { problem, quoting } from './problem';

const MAX_CALLBACK = 16_384;

/**
 * The parameters of a valid callback, which the code may be taken from.
 * The issuer comes first: when it is wrong, nothing else of the callback is believed, shown or acted on (RFC 9207 §2.4).
 * @throws FailureError `authorization` / `issuer-mismatch`, `callback-invalid`, `sign-in-refused`; `sign-in-denied`
 */
export function readCallback(
  url: string,
  as: AuthorizationServer,
  client: { readonly client_id: string },
  state: string,
): URLSearchParams {
  if (url.length > MAX_CALLBACK || !URL.canParse(url)) throw problem('callback-invalid', 'it is no address');
  const { searchParams } = new URL(url);
  const issuers = searchParams.getAll('iss');
  if (issuers.length > 1) throw problem('callback-invalid', 'it names several issuers');
  const [issuer] = issuers;
  if (issuer === undefined && as.authorization_response_iss_parameter_supported === true)
    throw problem('issuer-mismatch', 'the answer to the sign-in names no issuer');
  if (issuer !== undefined && issuer !== as.issuer)
    throw problem('issuer-mismatch', 'the answer to the sign-in names another issuer');
  if (searchParams.getAll('state').length !== 1 || searchParams.get('state') !== state)
    throw problem('callback-invalid', 'it belongs to no sign-in of this host');
  try {
    const parameters = validateAuthResponse(as, client, searchParams, state);
    if (parameters.getAll('code').length !== 1 || parameters.get('code') === '')
      throw problem('callback-invalid', 'it does not hold one code');
    return parameters;
  } catch (error) {
    if (error instanceof FailureError) throw error;
    if (!(error instanceof AuthorizationResponseError))
      throw problem('callback-invalid', 'its parameters contradict each other');
    if (error.error === 'access_denied') throw new FailureError({ code: 'sign-in-denied' });
    throw quoting('sign-in-refused', error.error, error.error_description, [state]);
  }
}
