import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gateProofSchema } from '../../application/enforcing/gateIdentity.ts';
import type { ProofFile } from '../../application/enforcing/ports.ts';
import { replaceFile } from '../process/replaceFile.ts';

/** The proof in the state directory, where no worker may write. */
export const proofFileIn = (stateDir: string): ProofFile => {
  const file = path.join(stateDir, 'gate-proof.json');
  return {
    async read() {
      try {
        return gateProofSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      } catch {
        // No proof is no harm: it is made anew.
        return undefined;
      }
    },
    write: (proof) => replaceFile(file, `${JSON.stringify(proof, null, 2)}\n`),
  };
};
