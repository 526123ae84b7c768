import { refTo } from './jsonSchemas.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** What any call can be answered with. */
export const ALWAYS = [400, 401, 403, 404, 405, 406, 421, 429, 431, 500, 503];
/** And one with a body. */
export const WITH_BODY = [413, 415];

const PROBLEM_WORDS: Readonly<Record<number, string>> = {
  400: 'The request is wrong; `detail` names the fields.',
  401: 'No credential, or one that is not good.',
  403: 'The credential may not do this.',
  404: 'There is no such thing for this credential.',
  405: 'The path has other methods.',
  406: 'Nothing of what the request accepts can be answered.',
  409: 'The state does not allow this, or someone else was first.',
  413: 'The body is too long.',
  415: 'The body is not JSON.',
  421: 'The server is not addressed by this host name.',
  422: 'What was asked cannot be carried out.',
  429: 'Too many calls; `Retry-After` says when to come again.',
  431: 'Path and headers are too long; without a body.',
  500: 'A fault of the server.',
  502: 'A worker process failed.',
  503: 'Not now: resources are used up, or the server stops.',
  504: 'A worker took too long.',
};

/** Refused before there was a request to answer: it has no body. */
const UNREAD = 431;

/** What the document says of a problem. */
export const problemAnswer = (status: number) => ({
  description: PROBLEM_WORDS[status] ?? 'A problem.',
  ...(status === UNREAD ? {} : { content: { [PROBLEM_TYPE]: { schema: refTo('Problem') } } }),
});
