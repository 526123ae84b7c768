import type { CallToolResult } from '@modelcontextprotocol/client';
import {
  App,
  applyDocumentTheme,
  applyHostFonts,
  type McpUiHostContext,
  PostMessageTransport,
} from '@modelcontextprotocol/ext-apps';

/** The program around the view, which is its only way to the server. */
export type Host = {
  /** Whether it passes calls of tools on. */
  readonly callsTools: boolean;
  /** Whether it passes readings of resources on. */
  readonly readsResources: boolean;
  readonly opensLinks: boolean;
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<CallToolResult>;
  /** Text of a resource. */
  read(uri: string): Promise<string>;
  /** False where the host or its user would not. */
  open(url: string): Promise<boolean>;
};

export type HostEvents = {
  /** The arguments of the call that the view stands beside; it may be under way. */
  onInput(args: Readonly<Record<string, unknown>>): void;
  onResult(result: CallToolResult): void;
  onCancelled(): void;
  onTeardown(): void;
};

/** The host's colours and fonts under the names that the dashboard's look has for them. */
const LOOK: Readonly<Record<string, readonly string[]>> = {
  '--color-background-primary': ['--page', '--surface'],
  '--color-background-secondary': ['--sunk'],
  '--color-text-primary': ['--text'],
  '--color-text-secondary': ['--text-2'],
  '--color-border-primary': ['--line'],
  '--font-sans': ['--font'],
  '--font-mono': ['--mono'],
};

const wear = ({ theme, styles, safeAreaInsets: inset }: McpUiHostContext): void => {
  const root = document.documentElement;
  if (theme !== undefined) applyDocumentTheme(theme);
  for (const [name, value] of Object.entries(styles?.variables ?? {})) {
    if (value !== undefined) for (const ours of LOOK[name] ?? []) root.style.setProperty(ours, value);
  }
  if (styles?.css?.fonts !== undefined) applyHostFonts(styles.css.fonts);
  if (inset !== undefined)
    root.style.setProperty('padding', `${inset.top}px ${inset.right}px ${inset.bottom}px ${inset.left}px`);
};

/** Shakes hands with the host, wears its theme from then on, and tells it how high the view is. */
export const connectHost = async (events: HostEvents): Promise<Host> => {
  const app = new App({ name: 'claude-orchestrator-job', version: '1' });
  // A host may send them at once: they have to be there before the handshake.
  app.ontoolinput = ({ arguments: args }) => events.onInput(args ?? {});
  app.ontoolresult = (result) => events.onResult(result);
  app.ontoolcancelled = () => events.onCancelled();
  app.onhostcontextchanged = wear;
  app.onteardown = () => {
    events.onTeardown();
    return {};
  };
  await app.connect(new PostMessageTransport(window.parent, window.parent));
  wear(app.getHostContext() ?? {});
  const able = app.getHostCapabilities() ?? {};
  return {
    callsTools: able.serverTools !== undefined,
    readsResources: able.serverResources !== undefined,
    opensLinks: able.openLinks !== undefined,
    call: (name, args) => app.callServerTool({ name, arguments: { ...args } }),
    read: async (uri) => {
      const { contents } = await app.readServerResource({ uri });
      const [first] = contents;
      if (first === undefined || !('text' in first)) throw new Error(`Nothing was read of ${uri}.`);
      return first.text;
    },
    open: async (url) => (await app.openLink({ url })).isError !== true,
  };
};
