/** What one client was asked: never the same twice. */
export type Asked = {
  /** True once an approval: the client may be asked about it now. */
  readonly first: (approvalId: string) => boolean;
  readonly wasAsked: (approvalId: string) => boolean;
  /** The client has said something; true the first time. */
  readonly answered: (approvalId: string) => boolean;
  readonly isAnswered: (approvalId: string) => boolean;
};

type Word = 'asked' | 'answered';

/** A `Map`, or a cache that forgets the oldest. */
export type AskedMemory = {
  get(key: string): Word | undefined;
  set(key: string, word: Word): unknown;
};

/** @param who keeps the clients of one memory apart. */
export const createAsked = (memory: AskedMemory = new Map<string, Word>(), who = ''): Asked => {
  const key = (id: string): string => `${who}\n${id}`;
  return {
    first: (id) => {
      if (memory.get(key(id)) !== undefined) return false;
      memory.set(key(id), 'asked');
      return true;
    },
    wasAsked: (id) => memory.get(key(id)) !== undefined,
    answered: (id) => {
      if (memory.get(key(id)) !== 'asked') return false;
      memory.set(key(id), 'answered');
      return true;
    },
    isAnswered: (id) => memory.get(key(id)) === 'answered',
  };
};
