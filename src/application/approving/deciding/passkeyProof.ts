import type { Approval } from '../../../domain/approval.ts';
import type { AuditEntry } from '../../../domain/audit.ts';
import { AuthenticationError, ConfigurationError } from '../../../domain/errors/index.ts';
import type { Flows } from '../../access/flows.ts';
import type { BegunCeremony } from '../../access/passkeys.ts';
import type { CredentialStore, PasskeyVerifier } from '../../access/ports.ts';
import type { Clock } from '../../ports/system.ts';
import type { DecisionInput } from '../approvals.ts';
import { challengeOf } from '../digest.ts';

export type PasskeyProofDeps = {
  readonly credentials: Pick<CredentialStore, 'passkey' | 'usePasskey'>;
  readonly flows: Flows;
  readonly clock: Clock;
};

/** Approvals signed by a passkey: what it signs names the approval and its digest, so it counts for nothing else. */
export class PasskeyProof {
  readonly #deps: PasskeyProofDeps;
  #verifier: PasskeyVerifier | undefined;

  constructor(deps: PasskeyProofDeps) {
    this.#deps = deps;
  }

  /** Known once the server has an address: passkeys are bound to its name. */
  use(verifier: PasskeyVerifier): void {
    this.#verifier = verifier;
  }

  /** @throws ConfigurationError in a process that has no page. */
  async challenge({ id, digest }: Approval): Promise<BegunCeremony> {
    const { options, challenge } = await this.#verifierHere().assertion(challengeOf(id, digest));
    return { flow: this.#deps.flows.begin('approval', challenge, id), options };
  }

  /**
   * @returns what lets anyone check the signature later, without this program.
   * @throws AuthenticationError the same for everything that is not right.
   */
  async prove(
    { id, digest }: Approval,
    { flow, response }: NonNullable<DecisionInput['passkey']>,
  ): Promise<AuditEntry['detail']> {
    const { credentials, flows, clock } = this.#deps;
    const challenge = flows.take(flow, 'approval', id);
    const passkey = await credentials.passkey(response.id);
    if (challenge !== challengeOf(id, digest) || passkey === undefined) throw refused();
    const counter = await this.#verifierHere().verify(response, challenge, passkey);
    if (counter === undefined) throw refused();
    const used = await credentials.usePasskey(passkey.id, {
      from: passkey.counter,
      to: counter,
      at: clock.now(),
    });
    if (!used) throw refused();
    return {
      credential_id: passkey.id,
      public_key: passkey.publicKey,
      client_data_json: response.response.clientDataJSON,
      authenticator_data: response.response.authenticatorData,
      signature: response.response.signature,
    };
  }

  #verifierHere(): PasskeyVerifier {
    if (this.#verifier !== undefined) return this.#verifier;
    throw new ConfigurationError('No passkey can sign here: this process serves no page.', {
      hint: 'Start `claude-orchestrator serve`, which has one.',
    });
  }
}

const refused = (): AuthenticationError =>
  new AuthenticationError('This passkey was not accepted for this approval.', {
    hint: 'Open the approval again and sign it anew: a challenge is good once, for five minutes, for one approval.',
  });
