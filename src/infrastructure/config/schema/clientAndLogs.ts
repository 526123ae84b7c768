import { apiKey, oneOf, webUrl } from '../values.ts';
import { settings } from './meta.ts';

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
const LOG_FORMATS = ['json', 'pretty'] as const;

/** Which server a client talks to, and what is logged. */
export const clientAndLogsSettings = {
  url: webUrl().optional().register(settings, {
    env: 'ORCHESTRATOR_URL',
    form: 'URL',
    fallback: 'the server of this state folder',
    description: 'A server elsewhere, which `mcp` and the commands then talk to.',
  }),
  apiKey: apiKey.optional().register(settings, {
    env: 'ORCHESTRATOR_API_KEY',
    form: 'key',
    fallback: 'none',
    description:
      'Key for `ORCHESTRATOR_URL`; without one, the key with which `keys` and `approve` work at the local server.',
    secret: true,
  }),
  logLevel: oneOf(LOG_LEVELS).register(settings, {
    env: 'LOG_LEVEL',
    form: LOG_LEVELS.join(', '),
    fallback: '`INFO`',
    description: 'Least level that is logged, in any case of letters. Logs go to stderr.',
  }),
  logFormat: oneOf(LOG_FORMATS).register(settings, {
    env: 'ORCHESTRATOR_LOG_FORMAT',
    form: LOG_FORMATS.join(', '),
    fallback: '`pretty` where stderr is a terminal, else `json`',
    description: 'One JSON object a line, or lines for people.',
  }),
};
