import { destination } from 'pino';

/** Where lines go. `write` must be done when it returns: a line that is still on its way dies with the process. */
export type LineSink = { write(line: string): unknown };

/**
 * stderr, written synchronously. Never stdout: that carries the MCP protocol. A closed pipe ends the writing and
 * not the server.
 */
export const standardError = (): LineSink => destination({ dest: 2, sync: true });

/**
 * Lines for people, in this process and in the same call. The library is loaded only here, since it is not
 * needed where logs are JSON. Its stream form and pino's transports would be late by a turn or a thread.
 */
export const prettySink = async (sink: LineSink, color: boolean): Promise<LineSink> => {
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({
    colorize: color,
    colorizeObjects: color,
    levelKey: 'level',
    messageKey: 'message',
    timestampKey: 'timestamp',
    translateTime: 'SYS:HH:MM:ss.l',
    customLevels: 'debug:20,info:30,warning:40,error:50,critical:60',
    customColors: 'debug:blue,info:green,warning:yellow,error:red,critical:bgRed',
    useOnlyCustomProps: true,
    messageFormat: '{category} {message}',
    ignore: 'category,logger',
    singleLine: true,
  });
  return { write: (line) => sink.write(pretty(line)) };
};
