import { isUncertain } from '../../markers.ts';
import { hasExactly, scanOptions } from '../options.ts';
import { argv, type Finding, high, type Invocation, type RuleTable, under } from '../rule.ts';
import { hasDestructiveVerb } from '../verbs.ts';

/** Options without a value that command lines of services put before their sub-commands. */
const FLAGS = new Set(
  'quiet q debug verbose v yes y force f no-paginate no-verify-ssl help json dry-run no-color non-interactive all recursive insecure no-input auto-approve'.split(
    ' ',
  ),
);

/** `kafka-topics --delete`, `mc mirror --remove`: the verb as an option. */
const DESTROYS_BY_OPTION =
  /^--?(delete|remove|prune|purge|destroy|unsafe-allow-remove)(?!.*=(false|no)$)(-|=|$)/u;

/** How many words may come before the verb: `gcloud compute instances delete`. */
const VERB_DEPTH = 4;

/**
 * Sub-commands of a service's command line. The word after an option that is not known may be its value
 * or a sub-command: it counts as one while no verb has been reached.
 */
const subcommands = (args: readonly string[]): readonly string[] => {
  const sure: string[] = [];
  const maybe: string[] = [];
  for (const [at, arg] of args.entries()) {
    if (arg === '--') break;
    if (arg.startsWith('-')) {
      if (DESTROYS_BY_OPTION.test(arg)) maybe.push('delete');
      continue;
    }
    const before = args[at - 1] ?? '';
    const mayBeValue =
      before.startsWith('-') && !before.includes('=') && !FLAGS.has(before.replace(/^-+/u, ''));
    if (!mayBeValue && sure.length < VERB_DEPTH) sure.push(arg);
    else if (!mayBeValue) continue;
    else if (sure.length < 2) maybe.push(arg);
  }
  return [...sure, ...maybe];
};

const plain = (word: string): boolean => /^[\w:.-]+$/u.test(word);

/** The general rule: a verb of destruction among the sub-commands, unless it is only tried out. */
export const destroysRemotely = (call: Invocation): readonly Finding[] => {
  const dry = hasExactly(
    scanOptions(call.args, { singleDash: true }),
    'dry-run',
    'dryrun',
    'what-if',
    'check',
    'help',
    'plan-only',
  );
  const words = subcommands(call.args);
  if (words.slice(0, 1).some(isUncertain))
    return [high('dynamic-command', 'its sub-command is known only when it runs')];
  return !dry && words.some((word) => plain(word) && hasDestructiveVerb(word))
    ? [high('remote-destroy', `${call.name} destroys something outside the worktree`)]
    : [];
};

const API_DELETE = /^(-X|--method)(=|$)/u;

/** Words that destroy by name only for one program, or options that make a harmless word destroy. */
const SPECIAL: Readonly<Record<string, (line: string) => boolean>> = {
  aws: (line) =>
    /\bs3 (sync|mv)\b.*--delete|\bs3 mv\b|\bput-bucket-(policy|lifecycle)|\bstop-instances|\bschedule-key-deletion|\bcancel-|\bdetach-|\bdisable-|--skip-final-snapshot|\bput-public-access|\bempty-/u.test(
      line,
    ),
  gsutil: (line) => /\brsync\b.*\s-\w*d|\bmv\b/u.test(line),
  gcloud: (line) => /\bstop\b|\brsync\b.*--delete|\bset-iam-policy|\bremove-/u.test(line),
  az: (line) => /\bstop\b|\bdeallocate\b|\bpurge\b/u.test(line),
  kubectl: (line) => /--replicas[= ]0|\breplace\b.*--force|--prune\b|\brollout undo|\btaint\b/u.test(line),
  helm: (line) => /\brollback\b|\bupgrade\b.*--(force|reset-values)|\buninstall\b|\bdel\b/u.test(line),
  terraform: (line) =>
    /\bapply\b|\bstate (rm|push|mv|replace-provider)\b|\btaint\b|\bforce-unlock\b|\bworkspace delete\b|-destroy\b.*-auto-approve|\bimport\b/u.test(
      line,
    ) && !/\bplan\b/u.test(line),
  pulumi: (line) => /\bup\b|\bcancel\b|\bstack rm\b|\brefresh\b/u.test(line) && !/\bpreview\b/u.test(line),
  vault: (line) => /\bseal\b|\bdisable\b|\brevoke\b/u.test(line),
  gh: (line) =>
    /\brepo (archive|rename|edit)\b|\bsecret set\b|\bpr merge\b.*--admin|\brelease (create|upload)\b.*--clobber|\bauth (token|login|logout|refresh)\b/u.test(
      line,
    ),
  heroku: (line) => /pg:(reset|push)|ps:scale \w+=0|\bmaintenance:on|\bconfig:unset|rollback/u.test(line),
  ansible: (line) => /state=absent|\b-m (shell|command|raw)\b|--module-name/u.test(line),
  cdk: (line) => /\bdestroy\b/u.test(line),
};

const special = (call: Invocation): readonly Finding[] => {
  const line = call.args.join(' ');
  const alias: Readonly<Record<string, string>> = {
    tofu: 'terraform',
    terragrunt: 'terraform',
    oc: 'kubectl',
    k3s: 'kubectl',
  };
  const test = SPECIAL[alias[call.name] ?? call.name];
  const deletesByApi =
    ['gh', 'glab', 'az', 'doctl', 'oci'].includes(call.name) &&
    call.args.some(
      (arg, at) =>
        (API_DELETE.test(arg) &&
          /^delete$/iu.test(
            arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : (call.args[at + 1] ?? ''),
          )) ||
        /^-X(DELETE)$/iu.test(arg),
    );
  const dry = hasExactly(scanOptions(call.args, { singleDash: true }), 'dry-run', 'dryrun', 'help');
  return !dry && (test?.(line) === true || deletesByApi)
    ? [high('remote-destroy', `${call.name} destroys or overwrites something outside the worktree`)]
    : [];
};

const service = (call: Invocation): readonly Finding[] => [...destroysRemotely(call), ...special(call)];

/** `kubectl exec pod -- command`, `fly ssh console -C command`. */
const kubectl = (call: Invocation): readonly Finding[] => {
  const at = call.args.indexOf('--');
  const inner = at === -1 ? [] : call.args.slice(at + 1);
  const before = at === -1 ? call.args : call.args.slice(0, at);
  const execs =
    before.includes('exec') && at === -1
      ? scanOptions(call.args.slice(call.args.indexOf('exec') + 1), {
          values: 'c n container namespace',
          stopAtOperand: true,
        }).rest.slice(1)
      : [];
  return [
    ...service({ ...call, args: before }),
    ...[inner, execs].filter((words) => words.length > 0).map((words) => argv(words)),
  ];
};

export const CLOUD_RULES: RuleTable = {
  ...under(
    'aws gcloud gsutil az helm terraform tofu terragrunt pulumi vault consul nomad gh glab hub heroku fly flyctl vercel netlify firebase doctl linode-cli eksctl ibmcloud oci wrangler supabase railway serverless sls cdk sam copilot ansible ansible-playbook argocd flux istioctl rclone s3cmd mc b2 aliyun hcloud scw vultr-cli cf kops kind minikube k3d k3s eb packer vagrant multipass limactl colima stripe twilio planetscale pscale neonctl turso render okteto rabbitmqctl rabbitmqadmin kafka-topics kafka-configs kafka-consumer-groups kafka-delete-records etcdctl zookeeper-shell curator_cli elasticsearch-users influx cloudflared snyk sentry-cli launchctl op bw pass gpg restic borg duplicity velero doppler infisical datadog-ci newrelic splunk fastly apigeecli deck ldcli azcopy jfrog jf circleci buildkite-agent confluent nats mosquitto rke talosctl crictl ctr skopeo oras cosign virsh VBoxManage vboxmanage qm pct lxc lxd incus prlctl nerdctl gitlab-runner act drone',
    { base: 'MEDIUM', findings: service },
  ),
  ...under('kubectl oc k', { base: 'MEDIUM', findings: kubectl }),
};
