import { isUncertain } from '../../markers.ts';
import { hasExactly, scanOptions, valuesOf } from '../options.ts';
import {
  argv,
  critical,
  elsewhere,
  type Finding,
  high,
  type Invocation,
  type RuleTable,
  under,
} from '../rule.ts';
import { hasDestructiveVerb } from '../verbs.ts';
import { sendsFiles, sendsInput } from './sending.ts';
import { specialTest } from './services.ts';
import { sqlDestroys } from './sql.ts';

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

/** Sub-commands that only ask, whatever the names behind them. */
const ASKS: Readonly<Record<string, RegExp>> = {
  kubectl:
    /^(get|describe|logs|explain|top|api-resources|api-versions|version|cluster-info|diff|wait|events)$|^auth$/u,
  oc: /^(get|describe|logs|explain|status|version|auth)$/u,
  k: /^(get|describe|logs|explain|top|auth)$/u,
  terraform: /^(plan|show|validate|fmt|output|graph|providers|version|console)$/u,
  tofu: /^(plan|show|validate|fmt|output|graph|providers|version|console)$/u,
};

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
  if (ASKS[call.name]?.test(words[0] ?? '') === true || (call.name === 'aws' && words.at(-1) === 'help'))
    return [];
  return !dry && words.some((word) => plain(word) && hasDestructiveVerb(word))
    ? [critical('remote-destroy', `${call.name} destroys something outside the worktree`)]
    : [];
};

const API_DELETE = /^(-X|--method)(=|$)/u;

const special = (call: Invocation): readonly Finding[] => {
  const line = call.args.join(' ');
  const test = specialTest(call.name);
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
    ? [critical('remote-destroy', `${call.name} destroys, stops or exposes something outside the worktree`)]
    : [];
};

/** What everybody sees afterwards. */
const publishes = (call: Invocation): readonly Finding[] => {
  const [group, action] = subcommands(call.args);
  return ['gh', 'glab', 'hub'].includes(call.name) &&
    group === 'release' &&
    ['create', 'upload', 'edit'].includes(action ?? '') &&
    !call.args.some((arg) => /^(--help|-h)$/u.test(arg))
    ? [high('publish', 'it shows a release to everyone')]
    : [];
};

/** `supabase db reset`: its database is the one of this machine, unless it says otherwise. */
const supabase = (call: Invocation): readonly Finding[] => {
  const [group, action] = subcommands(call.args);
  const remote = call.args.some((arg) => /^--(li|d|pr|project-ref)/u.test(arg) && !/^--debug$/u.test(arg));
  return group === 'db' && action === 'reset' && !remote && !call.args.some(isUncertain)
    ? [high('database', 'it drops or empties a whole database')]
    : service(call);
};

/** Statements that a service's command line sends to its database: `wrangler d1 execute x --command '…'`. */
const sendsSql = (call: Invocation): readonly Finding[] =>
  call.args.some((arg) => /\s/u.test(arg) && sqlDestroys(arg.replace(/^--?[\w-]+=/u, '')))
    ? [critical('remote-destroy', 'it deletes or empties data in a database')]
    : [];

/** `doppler run -- command`, `fly ssh console -C 'command'`, `heroku run command`. */
const launched = (call: Invocation): readonly Finding[] => {
  const at = call.args.indexOf('--');
  const inner = at === -1 ? [] : call.args.slice(at + 1);
  const [first = '', ...rest] = call.args;
  const remote = /^run(:detached)?$/u.test(first) && call.name === 'heroku' ? rest : [];
  const console = call.args.includes('ssh')
    ? valuesOf(scanOptions(call.args, { values: 'C command' }), 'C', 'command')
    : [];
  return [
    ...(inner.length > 0 ? [argv(inner)] : []),
    ...(remote.length > 0
      ? [elsewhere(remote.filter((arg) => !arg.startsWith('-')).join(' '), 'machine')]
      : []),
    ...console.map((text) => elsewhere(text, 'machine')),
  ];
};
/** `gh gist create FILE`, `gh api --input FILE`, `-F body=@FILE`: what files hold goes to the service. */
const hands = (call: Invocation): readonly Finding[] => {
  if (!['gh', 'glab', 'hub'].includes(call.name)) return [];
  const [group, action] = subcommands(call.args);
  const scan = scanOptions(call.args, { values: 'd f F H X R input field raw-field desc filename method' });
  const shares =
    ['gist', 'snippet'].includes(group ?? '') && ['create', 'new', 'edit'].includes(action ?? '');
  const files = [
    ...(shares ? scan.operands.slice(2) : []),
    ...(group === 'api' ? valuesOf(scan, 'input') : []),
    ...(group === 'api'
      ? valuesOf(scan, 'F', 'field').flatMap((value) => /^[^=]*=@(.+)$/u.exec(value)?.[1] ?? [])
      : []),
  ];
  return [
    ...sendsFiles(
      files.filter((file) => file !== '-'),
      [],
    ),
    ...(shares || files.includes('-') ? sendsInput(call, []) : []),
  ];
};

const service = (call: Invocation): readonly Finding[] => [
  ...destroysRemotely(call),
  ...special(call),
  ...publishes(call),
  ...sendsSql(call),
  ...launched(call),
  ...hands(call),
];

/** `kubectl exec pod -- command`: it runs elsewhere. */
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
    ...[inner, execs]
      .filter((words) => words.length > 0)
      .map((words): Finding => ({ is: 'argv', words, place: 'machine' })),
  ];
};

export const CLOUD_RULES: RuleTable = {
  ...under(
    'aws gcloud gsutil az helm terraform tofu terragrunt pulumi vault consul nomad gh glab hub heroku fly flyctl vercel netlify firebase doctl linode-cli eksctl ibmcloud oci wrangler supabase railway serverless sls cdk sam copilot ansible ansible-playbook argocd flux istioctl rclone s3cmd mc b2 aliyun hcloud scw vultr-cli cf kops kind minikube k3d k3s eb packer vagrant multipass limactl colima stripe twilio planetscale pscale neonctl turso render okteto rabbitmqctl rabbitmqadmin kafka-topics kafka-configs kafka-consumer-groups kafka-delete-records etcdctl zookeeper-shell curator_cli elasticsearch-users influx cloudflared snyk sentry-cli launchctl op bw pass gpg restic borg duplicity velero doppler infisical datadog-ci newrelic splunk fastly apigeecli deck ldcli azcopy jfrog jf circleci buildkite-agent confluent nats mosquitto rke talosctl crictl ctr skopeo oras cosign virsh VBoxManage vboxmanage qm pct lxc lxd incus prlctl nerdctl gitlab-runner act drone kubectx kustomize argo argocd unleash flipt amtool govc xl esxcli bhyvectl algolia jenkins jenkins-cli pgbackrest barman wal-g nuget flarectl aws-vault chamber dotenvx bq kong rpk kcat kafka-acls kafka-reassign-partitions kafka-storage kafka-leader-election kafka-streams-application-reset zookeeper-shell travis tkn ghcr bk pd grafana-cli logcli promtool atlas confluent temporal tsuru dokku caprover coolify kamal cap dokku northflank vultr civo exo upctl oneprovider packet metal azd func sfdx sf acli twilio sendgrid postmark mailgun',
    { base: 'MEDIUM', findings: service },
  ),
  supabase: { base: 'MEDIUM', findings: supabase },
  ...under('kubectl oc k', { base: 'MEDIUM', findings: kubectl }),
};
