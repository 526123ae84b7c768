import { type CallToolResult, ProtocolError, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { ERROR_CODES, toOrchestratorError } from '../../domain/errors/index.ts';
import { errorToWire } from '../wire/error.ts';
import { hintWithNextCall } from './nextCall.ts';

/** JSON-RPC's number for invalid params stands in the text: a tool's own error has no place for it. */
const withNumber = (message: string): string =>
  message.replace(/^Invalid arguments for ([^:]+):/, 'Invalid arguments for $1 (-32602):');

/** Anything that `tool` threw as its own error: the model sees it and can do what the hint says. */
export const errorResult = (thrown: unknown, tool: string): CallToolResult => {
  const ours = toOrchestratorError(thrown);
  const wire = errorToWire(ours);
  const error = {
    ...wire,
    message: withNumber(wire.message),
    hint: hintWithNextCall(ours.code, wire.hint, tool),
  };
  return {
    isError: true,
    content: [{ type: 'text', text: `${error.message} ${error.hint}` }],
    structuredContent: { ...error },
  };
};

/** Anything thrown while `uri` was read, as the protocol's error: resources have no result for errors. */
export const resourceError = (uri: string, thrown: unknown): ProtocolError => {
  if (thrown instanceof ProtocolError) return thrown;
  const error = toOrchestratorError(thrown);
  const wire = errorToWire(error);
  const message = `${wire.message} ${wire.hint}`;
  return error.code === 'JOB_NOT_FOUND'
    ? new ResourceNotFoundError(uri, message)
    : new ProtocolError(ERROR_CODES[error.code].jsonRpc, message, wire);
};
