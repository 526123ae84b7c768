import type { DoctorCheck } from '../../application/diagnosis.ts';
import { type GateIdentity, type GateProof, sameGate } from '../../application/enforcing/gateIdentity.ts';

/** @param proof the last one that a server made · @param now the program and policy as they are; undefined where unknown. */
export const checkGate = (proof: GateProof | undefined, now: GateIdentity | undefined): DoctorCheck => {
  const name = 'safety gate';
  const stands =
    proof !== undefined && proof.withdrawn === undefined && now !== undefined && sameGate(proof, now);
  if (stands && proof !== undefined) {
    return { name, status: 'ok', detail: `proven ${new Date(proof.provenAt).toISOString()} with this CLI` };
  }
  if (proof?.withdrawn !== undefined) {
    const { at, why } = proof.withdrawn;
    return {
      name,
      status: 'fail',
      detail: `withdrawn ${new Date(at).toISOString()}: ${why}; no worker starts before a canary is stopped again`,
      mend: 'Look at `claude-orchestrator audit export` (enforcement.passed) and at what that worker did. Use the CLI that comes with this package (leave ORCHESTRATOR_CLAUDE_PATH out), then start the server: it tries the gate anew.',
    };
  }
  return {
    name,
    status: 'warn',
    detail: 'not proven with this CLI and policy yet; no worker starts before it is',
    mend: 'Start the server (`claude-orchestrator serve`): it proves the gate by a canary worker, and system_health tells how it went.',
  };
};

/** @param obstacle why the sandbox cannot work here; undefined where it can. */
export const checkSandbox = (mode: 'auto' | 'on' | 'off', obstacle: string | undefined): DoctorCheck => {
  const name = 'sandbox';
  if (mode === 'off') {
    return {
      name,
      status: 'warn',
      detail: 'off by ORCHESTRATOR_SANDBOX: what a command does beyond its text is not fenced',
      mend: 'Set ORCHESTRATOR_SANDBOX to auto.',
    };
  }
  if (obstacle === undefined) {
    return { name, status: 'ok', detail: 'commands of workers run in the sandbox of Claude Code' };
  }
  return {
    name,
    status: mode === 'on' ? 'fail' : 'warn',
    detail: `${obstacle}; ${mode === 'on' ? 'no worker starts' : 'commands of workers run without it'}`,
    mend: 'Install bubblewrap and socat (Debian: apt install bubblewrap socat), or set ORCHESTRATOR_SANDBOX to off.',
  };
};

/** @param passphraseSetAt milliseconds since the epoch; undefined where nobody has set one. */
export const checkPerson = (passphraseSetAt: number | undefined): DoctorCheck =>
  passphraseSetAt === undefined
    ? {
        name: 'person',
        status: 'warn',
        detail: 'nobody can approve yet: no passphrase is set',
        mend: 'Run `claude-orchestrator init` in a terminal.',
      }
    : {
        name: 'person',
        status: 'ok',
        detail: `passphrase set ${new Date(passphraseSetAt).toISOString()}; the audit log has every change`,
      };
