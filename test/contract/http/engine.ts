/** Stands in for what signs in to a server, where a test is about what becomes of it. */

import type { Authorizer } from '../../../src/authorization/authorizer';
import type { AuthorizerOptions, ChallengedAnswer, SignInRequest } from '../../../src/authorization/contract';
import type { LoadAuthorization } from '../../../src/client/serverAuthorization';

/** Nobody is signed in, until somebody has. */
export class Engine {
  /** Of each challenge, whether somebody waited for the request. */
  readonly attended: boolean[] = [];
  private options: AuthorizerOptions | undefined;
  private isSignedIn = false;

  /**
   * @param code of the failure that a challenge ends with
   * @param request what the person is asked instead, and says yes to
   */
  constructor(
    private readonly code = 'sign-in-needed',
    private readonly request?: SignInRequest,
  ) {}

  readonly load: LoadAuthorization = () => {
    const take = (options: AuthorizerOptions): void => void (this.options = options);
    const challenged = this.challenged.bind(this);
    const headersFor = (): Promise<unknown> =>
      Promise.resolve(this.isSignedIn ? [['authorization', 'Bearer new']] : []);
    class Standing {
      readonly headersFor = headersFor;
      readonly challenged = challenged;
      readonly noted = (): undefined => undefined;

      constructor(options: AuthorizerOptions) {
        take(options);
      }
    }
    return Promise.resolve({ Authorizer: Standing as unknown as typeof Authorizer });
  };

  /** Somebody has signed in, for whatever reason. */
  signIn(): void {
    this.isSignedIn = true;
    this.options?.onTokens?.();
  }

  private async challenged({ isUnattended }: ChallengedAnswer, signal: AbortSignal): Promise<unknown> {
    this.attended.push(isUnattended !== true);
    if (this.request === undefined) return { code: this.code };
    await this.options?.host.beginSignIn(this.request, signal);
    this.signIn();
    return 'retry';
  }
}
