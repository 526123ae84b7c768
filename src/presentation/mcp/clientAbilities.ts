import { CLIENT_CAPABILITIES_META_KEY, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** Names of the extensions that a server of ours knows how to use. */
export const EXTENSIONS = {
  tasks: 'io.modelcontextprotocol/tasks',
  apps: 'io.modelcontextprotocol/ui',
} as const;

/** The Tasks extension has no settings; whoever declares it by anything but an empty object means something else. */
const mode = z.looseObject({}).optional().catch(undefined);

const capabilitiesSchema = z.looseObject({
  elicitation: z.looseObject({ form: mode, url: mode }).optional().catch(undefined),
  extensions: z
    .looseObject({
      [EXTENSIONS.tasks]: z.strictObject({}).optional().catch(undefined),
      [EXTENSIONS.apps]: z.looseObject({}).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** What the client of one request can do beyond plain tools. Where nothing is known, plain tools are all it gets. */
export type ClientAbilities = {
  /** It takes a task handle for an answer and polls it. */
  readonly tasks: boolean;
  /** It shows `ui://` resources beside an answer. */
  readonly apps: boolean;
  /** It puts questions to its person: by a form, or by a page that it opens. */
  readonly elicitation: { readonly form: boolean; readonly url: boolean };
};

/** Reads the abilities out of declared capabilities of any shape, which a hostile client may have made up. */
export const abilitiesIn = (capabilities: unknown): ClientAbilities => {
  const { data } = capabilitiesSchema.safeParse(capabilities);
  const elicitation = data?.elicitation;
  return {
    tasks: data?.extensions?.[EXTENSIONS.tasks] !== undefined,
    apps: data?.extensions?.[EXTENSIONS.apps] !== undefined,
    elicitation: {
      // Without a mode it is a form: there was no other when the capability was new.
      form: elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
      url: elicitation?.url !== undefined,
    },
  };
};

/**
 * The abilities that count for one request. Since 2026-07-28 each request declares them anew. Before, the handshake
 * did, of which a server without sessions knows nothing: `server.server.getClientCapabilities()` has it over stdio.
 */
export const abilitiesOf = ({ mcpReq }: ServerContext): ClientAbilities => {
  const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
  return abilitiesIn(envelope[CLIENT_CAPABILITIES_META_KEY]);
};
