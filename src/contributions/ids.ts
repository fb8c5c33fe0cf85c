/** The one vocabulary of what this extension contributes to the editor. No logic; `package.json` must say the same (a test compares). */

/** Command ids. */
export const Commands = {
  addServer: 'mcpHost.addServer',
  editServer: 'mcpHost.editServer',
  openSettings: 'mcpHost.openSettings',
  openDemo: 'mcpHost.openDemo',
  startServer: 'mcpHost.startServer',
  stopServer: 'mcpHost.stopServer',
  restartServer: 'mcpHost.restartServer',
  refreshServer: 'mcpHost.refreshServer',
  refreshList: 'mcpHost.refreshList',
  showLog: 'mcpHost.showLog',
  reviewServers: 'mcpHost.reviewServers',
  revokeApproval: 'mcpHost.revokeApproval',
  forgetInputs: 'mcpHost.forgetInputs',
  signIn: 'mcpHost.signIn',
  signOut: 'mcpHost.signOut',
  pasteCallback: 'mcpHost.pasteCallback',
  manageTrust: 'mcpHost.manageTrust',
  callTool: 'mcpHost.callTool',
  showDefinition: 'mcpHost.showDefinition',
  openResource: 'mcpHost.openResource',
  usePrompt: 'mcpHost.usePrompt',
  openSkill: 'mcpHost.openSkill',
  cancelTask: 'mcpHost.cancelTask',
  resumeTask: 'mcpHost.resumeTask',
  openTaskResult: 'mcpHost.openTaskResult',
  dismissTask: 'mcpHost.dismissTask',
  copyName: 'mcpHost.copyName',
  showMetadata: 'mcpHost.showMetadata',
  openAsRealLanguage: 'mcpHost.openAsRealLanguage',
  reviewRequest: 'mcpHost.reviewRequest',
  openRequestDocument: 'mcpHost.openRequestDocument',
  allowRequest: 'mcpHost.allowRequest',
  allowFor: 'mcpHost.allowFor',
  denyRequest: 'mcpHost.denyRequest',
  denySeveral: 'mcpHost.denySeveral',
  returnAnswer: 'mcpHost.returnAnswer',
  refuseAnswer: 'mcpHost.refuseAnswer',
  answerElicitation: 'mcpHost.answerElicitation',
  declineElicitation: 'mcpHost.declineElicitation',
  dismissElicitation: 'mcpHost.dismissElicitation',
  selectSamplingModel: 'mcpHost.selectSamplingModel',
  revokePermission: 'mcpHost.revokePermission',
  revokeAllPermissions: 'mcpHost.revokeAllPermissions',
  showUsage: 'mcpHost.showUsage',
  setEndpointKey: 'mcpHost.setEndpointKey',
  clearEndpointKey: 'mcpHost.clearEndpointKey',
  chooseRoots: 'mcpHost.chooseRoots',
  addToContext: 'mcpHost.addToContext',
  removeFromContext: 'mcpHost.removeFromContext',
  refreshContext: 'mcpHost.refreshContext',
  clearContext: 'mcpHost.clearContext',
  copyContext: 'mcpHost.copyContext',
  openContext: 'mcpHost.openContext',
  sendContextToChat: 'mcpHost.sendContextToChat',
  exportDiagnostics: 'mcpHost.exportDiagnostics',
} as const;

/** The id of one of {@link Commands}. */
export type CommandId = (typeof Commands)[keyof typeof Commands];

/** View container and views. */
export const Views = {
  container: 'mcp-host',
  servers: 'mcpHost.servers',
  approvals: 'mcpHost.approvals',
  permissions: 'mcpHost.permissions',
  context: 'mcpHost.context',
} as const;

/** The common prefix of all settings. */
export const SETTINGS_SECTION = 'mcpHost';

/** Settings, without their common prefix. */
export const Settings = {
  servers: 'servers',
  inputs: 'inputs',
  restartAfterCrash: 'restartAfterCrash',
  samplingExpiryMinutes: 'sampling.expiryMinutes',
  samplingAllowOutsideCalls: 'sampling.allowOutsideCalls',
  samplingReviewAnswers: 'sampling.reviewAnswers',
  samplingModels: 'sampling.models',
  samplingEndpoint: 'sampling.endpoint',
  samplingEndpointModels: 'sampling.endpointModels',
  contextTokenBudget: 'context.tokenBudget',
  insecureHosts: 'insecureHosts',
} as const;

/** The key of one of {@link Settings}. */
export type SettingKey = (typeof Settings)[keyof typeof Settings];

/** The default of each setting, as `package.json` declares it. */
export const SETTING_DEFAULTS = {
  servers: {},
  inputs: [],
  restartAfterCrash: true,
  'sampling.expiryMinutes': 10,
  'sampling.allowOutsideCalls': false,
  'sampling.reviewAnswers': true,
  'sampling.models': {},
  'sampling.endpoint': '',
  'sampling.endpointModels': [],
  'context.tokenBudget': 32_000,
  insecureHosts: [],
} as const satisfies Record<SettingKey, unknown>;

/** Context keys that `when` clauses may mention. */
export const ContextKeys = {
  /** Any entry, usable or not, in any scope. */
  hasServers: 'mcpHost.hasServers',
  hasRunningServers: 'mcpHost.hasRunningServers',
  hasApprovals: 'mcpHost.hasApprovals',
  hasPermissions: 'mcpHost.hasPermissions',
  hasContext: 'mcpHost.hasContext',
  /** The editor has a chat that takes a text. */
  hasChat: 'mcpHost.hasChat',
} as const;

/** One of {@link ContextKeys}. */
export type ContextKey = (typeof ContextKeys)[keyof typeof ContextKeys];

/** `viewItem` values of tree rows. A server's value is its kind followed by flags, each a word of its own. */
export const ItemKinds = {
  server: 'server',
  list: 'list',
  tool: 'tool',
  resource: 'resource',
  template: 'template',
  prompt: 'prompt',
  skill: 'skill',
  skillFile: 'skill-file',
  tasks: 'tasks',
  taskRunning: 'task-running',
  /** Nobody waits for it. */
  taskLeft: 'task-left',
  /** Nor can anybody: its server does not run. */
  taskOutOfReach: 'task-out-of-reach',
  /** With a result that can be opened. */
  taskDone: 'task-done',
  taskEnded: 'task-ended',
  usage: 'usage',
  note: 'note',
  approvalLaunch: 'approval-launch',
  approvalSampling: 'approval-sampling',
  approvalAnswer: 'approval-answer',
  approvalSignIn: 'approval-sign-in',
  approvalRoots: 'approval-roots',
  approvalTool: 'approval-tool',
  approvalForm: 'approval-form',
  approvalUrl: 'approval-url',
  approvalWait: 'approval-wait',
  permissionSampling: 'permission-sampling',
  permissionLaunch: 'permission-launch',
  contextItem: 'context-item',
  /** A resource that has changed since. */
  contextStale: 'context-stale',
} as const;

/** Flags of a server row. */
export const ServerFlags = {
  startable: 'startable',
  stoppable: 'stoppable',
  running: 'running',
  needsApproval: 'needsApproval',
  needsTrust: 'needsTrust',
  needsSignIn: 'needsSignIn',
  /** Somebody is signed in, or may be from earlier. */
  signsIn: 'signsIn',
  /** Somebody is signing in in the browser. */
  awaitsBrowser: 'awaitsBrowser',
  /** It may be told of workspace folders. */
  mayKnowFolders: 'mayKnowFolders',
  /** Its entry is not the person's own, so it needs approval. */
  shared: 'shared',
} as const;

/** URI scheme of this extension's read-only documents. */
export const SCHEME = 'mcp-host';
/** Scheme of the documents in which a person writes arguments. */
export const ARGUMENTS_SCHEME = 'mcp-host-arguments';

/** First path segment of a document's URI. */
export const DocumentKinds = {
  resource: 'resource',
  result: 'result',
  review: 'review',
  answerReview: 'answer',
  definition: 'definition',
  prompt: 'prompt',
  context: 'context',
} as const;

/** Language ids of our own: highlighting without any language service (T115). `real` is what a person may switch to. */
export const Languages = {
  'mcp-json': { real: 'json', scope: 'source.json' },
  'mcp-markdown': { real: 'markdown', scope: 'text.html.markdown' },
  'mcp-html': { real: 'html', scope: 'text.html.basic' },
  'mcp-xml': { real: 'xml', scope: 'text.xml' },
  'mcp-css': { real: 'css', scope: 'source.css' },
  'mcp-javascript': { real: 'javascript', scope: 'source.js' },
  'mcp-typescript': { real: 'typescript', scope: 'source.ts' },
  'mcp-python': { real: 'python', scope: 'source.python' },
  'mcp-yaml': { real: 'yaml', scope: 'source.yaml' },
  'mcp-shellscript': { real: 'shellscript', scope: 'source.shell' },
  'mcp-sql': { real: 'sql', scope: 'source.sql' },
  'mcp-diff': { real: 'diff', scope: 'source.diff' },
} as const;

/** The id of one of {@link Languages}. */
export type LanguageId = keyof typeof Languages;

/** Webview panels. */
export const Panels = {
  launchReview: 'mcpHost.launchReview',
  samplingReview: 'mcpHost.samplingReview',
  usage: 'mcpHost.usage',
  input: 'mcpHost.input',
} as const;
