import { describe, expect, it } from 'vitest';
import { challengeOf, digestOf } from '../../../src/application/approving/digest.ts';
import { approvalIdSchema } from '../../../src/domain/ids.ts';
import { createPasskeyVerifier } from '../../../src/infrastructure/access/passkeyVerifier.ts';
import { softAuthenticator } from '../../support/access/softAuthenticator.ts';
import { approval } from '../../support/specs.ts';
import { openLog, tamper, temporaryFolder, verify } from './support.ts';

const ID = approvalIdSchema.parse('apr_0123456789abcdef');
const OTHER = approvalIdSchema.parse('apr_1123456789abcdef');
const DIGEST = 'ab'.repeat(32);
const ORIGIN = 'http://localhost:7777';

/** A passkey that is enrolled in the log of a new state directory, and what it signs. */
const enrolled = async () => {
  const stateDir = temporaryFolder();
  const log = await openLog(stateDir);
  const key = softAuthenticator();
  const verifier = createPasskeyVerifier(() => ({ id: 'localhost', origins: [ORIGIN] }));
  const { options, challenge } = await verifier.registration([]);
  const passkey = await verifier.register(key.create(options, { origin: ORIGIN }), challenge);
  if (passkey === undefined) throw new Error('the passkey was not made');
  await log.audit.append({
    type: 'passkey.added',
    actor: 'person',
    detail: { passkey_id: passkey.id, label: 'laptop', public_key: passkey.publicKey },
  });
  const sign = (challengeText: string) => {
    const { response } = key.get({ challenge: challengeText }, { origin: ORIGIN });
    return {
      credential_id: passkey.id,
      public_key: passkey.publicKey,
      client_data_json: response.clientDataJSON,
      authenticator_data: response.authenticatorData,
      signature: response.signature,
    };
  };
  const approve = (detail: Record<string, string>, approvalId = ID) =>
    log.audit.append({ type: 'approval.approved', actor: 'person', approvalId, detail });
  return { stateDir, log, sign, approve, passkey };
};

describe('audit verify --approvals: anyone can check later which passkey approved which bytes', () => {
  it('what a passkey signed for this approval and digest is proven, and names the passkey', async () => {
    const { stateDir, log, sign, approve } = await enrolled();
    await approve({ channel: 'passkey', digest: DIGEST, ...sign(challengeOf(ID, DIGEST)) });
    await approve({ channel: 'passphrase', digest: DIGEST }, OTHER);
    await log.close();
    const report = await verify(stateDir, { approvals: true });
    expect(report.findings).toEqual([]);
    expect(report.approvals).toMatchObject([
      {
        approvalId: ID,
        channel: 'passkey',
        proof: 'proven',
        passkey: 'laptop',
        by: 'person',
        digest: DIGEST,
      },
      { approvalId: OTHER, channel: 'passphrase', proof: 'word' },
    ]);
  });

  it.each([
    ['another approval', OTHER, DIGEST],
    ['another digest', ID, 'cd'.repeat(32)],
  ])('what was signed for %s is refuted, and its entry named', async (_what, id, digest) => {
    const { stateDir, log, sign, approve } = await enrolled();
    await approve({ channel: 'passkey', digest: DIGEST, ...sign(challengeOf(id, digest)) });
    await log.close();
    const report = await verify(stateDir, { approvals: true });
    expect(report.findings).toMatchObject([{ kind: 'proof', seq: 3 }]);
    expect(report.approvals).toMatchObject([{ proof: 'refuted' }]);
  });

  it('another key than the one that was enrolled, one that was removed, and no signature at all are refuted', async () => {
    const { stateDir, log, sign, approve, passkey } = await enrolled();
    const good = sign(challengeOf(ID, DIGEST));
    const other = await enrolled();
    const forged = other.sign(challengeOf(ID, DIGEST));
    await approve({ channel: 'passkey', digest: DIGEST, ...forged, credential_id: passkey.id });
    await approve({ channel: 'passkey', digest: DIGEST, ...good, signature: forged.signature });
    await approve({ channel: 'passkey', digest: DIGEST });
    await log.audit.append({ type: 'passkey.removed', actor: 'person', detail: { passkey_id: passkey.id } });
    await approve({ channel: 'passkey', digest: DIGEST, ...good });
    await Promise.all([log.close(), other.log.close()]);
    const report = await verify(stateDir, { approvals: true });
    expect(report.approvals?.map(({ proof, why }) => [proof, why])).toEqual([
      ['refuted', expect.stringContaining('not the one that was enrolled')],
      ['refuted', expect.stringContaining('signature')],
      ['refuted', expect.stringContaining('no whole signature')],
      ['refuted', expect.stringContaining('removed')],
    ]);
  });
});

describe('audit verify --approvals: the call that the store holds is the one that was approved', () => {
  const stored = approval();
  const bound = { ...stored, digest: digestOf(stored) };
  const write = (state: unknown) => `
    pragma foreign_keys = off;
    insert into approvals (id, job_id, task_id, owner, revision, status, digest, created_at, expires_at, state)
    values ('${bound.id}', '${bound.jobId}', '${bound.taskId}', 'local-agent', 1, 'used', '${bound.digest}', 0, 0,
      '${JSON.stringify(state).replaceAll("'", "''")}')`;
  const changed = { ...bound, call: { ...bound.call, input: { command: 'ls' } } };

  it.each([
    ['as it was', bound, 'same', []],
    ['with another command', changed, 'other', [{ kind: 'proof', seq: 3 }]],
    ['that nobody can read', 'no approval', 'other', [{ kind: 'proof', seq: 3 }]],
    ['that is not there', undefined, 'gone', []],
  ] as const)('a call %s', async (_what, state, call, findings) => {
    const stateDir = temporaryFolder();
    const log = await openLog(stateDir);
    const about = { actor: 'local-agent', approvalId: bound.id };
    await log.audit.append({
      ...about,
      type: 'approval.requested',
      detail: { digest: bound.digest, tool: 'Bash', command: 'rm x' },
    });
    await log.audit.append({
      ...about,
      type: 'approval.approved',
      detail: { channel: 'passphrase', digest: bound.digest },
    });
    await log.close();
    if (state !== undefined) tamper(stateDir, write(state));
    const report = await verify(stateDir, { approvals: true });
    expect(report.approvals).toMatchObject([{ call, what: 'Bash rm x' }]);
    expect(report.findings).toMatchObject(findings);
    expect(report.findings).toHaveLength(findings.length);
  });
});
