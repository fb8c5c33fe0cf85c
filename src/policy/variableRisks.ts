/** Environment variables that change what a program loads, fetches or trusts (T027). */

/** `search-path`, or what the variable can do, as the end of a sentence: "NODE_OPTIONS can …". */
type VariableRisk =
  'search-path' | 'run other code' | 'change where packages come from' | 'redirect or expose its traffic';

const EXACT: ReadonlyMap<string, VariableRisk> = new Map([
  ...names('search-path', 'PATH', 'PATHEXT'),
  ...names(
    'run other code',
    'NODE_OPTIONS',
    'NODE_PATH',
    'NODE_REPL_EXTERNAL_MODULE',
    'BUN_OPTIONS',
    'PYTHONSTARTUP',
    'PYTHONPATH',
  ),
  ...names(
    'run other code',
    'PYTHONHOME',
    'PYTHONUSERBASE',
    'PYTHONBREAKPOINT',
    'BASH_ENV',
    'ENV',
    'ZDOTDIR',
    'SHELLOPTS',
    'PS4',
  ),
  ...names(
    'run other code',
    'PROMPT_COMMAND',
    'PERL5OPT',
    'PERL5LIB',
    'PERL5DB',
    'PERLLIB',
    'RUBYOPT',
    'RUBYLIB',
    'GEM_PATH',
  ),
  ...names(
    'run other code',
    'JAVA_TOOL_OPTIONS',
    '_JAVA_OPTIONS',
    'JDK_JAVA_OPTIONS',
    'JAVA_OPTS',
    'MAVEN_OPTS',
    'CLASSPATH',
  ),
  ...names(
    'run other code',
    'DOTNET_STARTUP_HOOKS',
    'DOTNET_ADDITIONAL_DEPS',
    'CORECLR_ENABLE_PROFILING',
    'COR_ENABLE_PROFILING',
  ),
  ...names(
    'run other code',
    'GIT_SSH',
    'GIT_SSH_COMMAND',
    'GIT_ASKPASS',
    'GIT_EXTERNAL_DIFF',
    'GIT_PAGER',
    'GIT_EDITOR',
    'GIT_EXEC_PATH',
  ),
  ...names(
    'run other code',
    'GIT_PROXY_COMMAND',
    'GIT_TEMPLATE_DIR',
    'SSH_ASKPASS',
    'EDITOR',
    'VISUAL',
    'PAGER',
    'BROWSER',
    'SHELL',
  ),
  ...names(
    'run other code',
    'COMSPEC',
    'LESSOPEN',
    'LUA_INIT',
    'LUA_PATH',
    'LUA_CPATH',
    'PHPRC',
    'PHP_INI_SCAN_DIR',
    'R_PROFILE',
  ),
  ...names(
    'run other code',
    'GCONV_PATH',
    'OPENSSL_CONF',
    'OPENSSL_ENGINES',
    'RUSTC_WRAPPER',
    'GOFLAGS',
    'MAKEFLAGS',
    'HOME',
    'USERPROFILE',
  ),
  ...names(
    'change where packages come from',
    'PIP_INDEX_URL',
    'PIP_EXTRA_INDEX_URL',
    'PIP_CONFIG_FILE',
    'PIP_TRUSTED_HOST',
  ),
  ...names(
    'change where packages come from',
    'GOPROXY',
    'GONOSUMDB',
    'GOSUMDB',
    'GONOSUMCHECK',
    'YARN_REGISTRY',
    'BUN_CONFIG_REGISTRY',
  ),
  ...names(
    'change where packages come from',
    'NUGET_PACKAGES',
    'CARGO_HOME',
    'GEM_HOME',
    'GEM_SOURCE',
    'BUNDLE_GEMFILE',
    'DENO_DIR',
  ),
  ...names(
    'redirect or expose its traffic',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'ALL_PROXY',
    'NO_PROXY',
    'NODE_EXTRA_CA_CERTS',
  ),
  ...names(
    'redirect or expose its traffic',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'SSLKEYLOGFILE',
  ),
  ...names(
    'redirect or expose its traffic',
    'REQUESTS_CA_BUNDLE',
    'CURL_CA_BUNDLE',
    'GIT_SSL_NO_VERIFY',
    'PYTHONHTTPSVERIFY',
  ),
  ...names(
    'redirect or expose its traffic',
    'AWS_CA_BUNDLE',
    'AWS_ENDPOINT_URL',
    'DOCKER_HOST',
    'KUBECONFIG',
    'SSH_AUTH_SOCK',
  ),
]);

const FAMILIES: readonly (readonly [pattern: RegExp, risk: VariableRisk])[] = [
  [/^LD_|^DYLD_|^GIT_CONFIG|^CORECLR_PROFILER|^COR_PROFILER|^COMPLUS_|^PYTHON.*HOOK/, 'run other code'],
  [
    /^NPM_CONFIG_|^YARN_NPM_|^UV_.*INDEX|^UV_(?:CONFIG_FILE|PYTHON)|^PNPM_/,
    'change where packages come from',
  ],
  [/_(?:BASE|API|ENDPOINT)_?URL$|_API_BASE$|_ENDPOINT$/, 'redirect or expose its traffic'],
];

/** What setting this variable can do to the server, or undefined. Case does not count, on any platform. */
export function riskOfVariable(name: string): VariableRisk | undefined {
  const upper = name.toUpperCase();
  return EXACT.get(upper) ?? FAMILIES.find(([pattern]) => pattern.test(upper))?.[1];
}

function names(risk: VariableRisk, ...all: readonly string[]): (readonly [string, VariableRisk])[] {
  return all.map((name) => [name, risk] as const);
}
