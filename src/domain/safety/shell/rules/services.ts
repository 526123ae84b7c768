/**
 * What destroys, stops or exposes something by one program's own words: verbs that are harmless elsewhere, and
 * options that make a harmless word destroy. Each test sees the arguments joined by single spaces.
 */
type Test = (line: string) => boolean;

const words =
  (pattern: RegExp, unless?: RegExp): Test =>
  (line) =>
    pattern.test(line) && unless?.test(line) !== true;

const KAFKA = words(
  /--(reset-offsets|execute|alter)\b.*--(execute|delete-config|to-\S+)|--execute\b|^format\b/u,
);

const terraform = words(
  /\b(apply|taint|force-unlock|import)\b|\bstate (rm|push|mv|replace-provider)\b|-force-copy\b/u,
  /\bplan\b|^(fmt|validate|show|output|graph)\b/u,
);

export const SPECIAL: Readonly<Record<string, Test>> = {
  aws: words(
    /\bs3 sync\b.*--delete|\bs3 mv\b|\bput-bucket-(policy|lifecycle|acl)|\b(stop|reboot|detach|disable|cancel|release|disassociate|suspend|failover|empty|leave|close)-[a-z]|\bschedule-key-deletion|--skip-final-snapshot|--no-deletion-protection|\bput-public-access|\bstop-logging|"Action"\s*:\s*"DELETE"|DeleteRequest|--(desired-(count|capacity)|max-size|reserved-concurrent-executions)[ =]0\b|--acl[ =]public|Status=Suspended|--overwrite\b|\b(put-secret-value|update-secret)\b|AdministratorAccess|--cidr(-ip)?[ =]0\.0\.0\.0\/0/u,
    /\bdisassociate-\S+ --dry-run|\bhelp\b/u,
  ),
  gsutil: words(
    /\brsync\b.*\s-\w*d|\bmv\b|\b(all(authenticated)?users)\b|\b(versioning|lifecycle|retention) (set|clear)\b/iu,
  ),
  gcloud: words(
    /\b(stop|suspend|disable|failover|restore-backup)\b|\brsync\b.*--delete|\bset-iam-policy|\bremove-|--(num-nodes|size|min-instances|max-instances)[ =]0\b|\ball(Authenticated)?Users\b|\bstorage mv\b|\bdelete-/u,
  ),
  az: words(
    /\b(stop|deallocate|purge|disable|failover|cancel)\b|--new-capacity[ =]0\b|\bdelete-batch\b|--delete-destination/u,
  ),
  kubectl: words(
    /--replicas[= ]0|\breplace\b.*--force|--prune\b|\brollout undo|(?<!--)\btaint\b|finalizers.{0,4}(null|\[\])|cluster-admin/u,
  ),
  helm: words(/\brollback\b|\bupgrade\b.*--(force|reset-values)|\bpush\b/u),
  terraform,
  pulumi: words(
    /\b(up|update|cancel|refresh|import)\b/u,
    /\bpreview\b|^(about|config get|stack (ls|output|graph))\b/u,
  ),
  vault: words(/\b(seal|disable|revoke|rekey|generate-root|step-down)\b/u),
  consul: words(/\b(leave|force-leave|maint)\b|\bsnapshot restore\b/u),
  nomad: words(/\b(stop|drain|gc)\b|\bdeployment fail\b/u),
  gh: words(
    /\brepo (archive|rename|edit)\b|\bsecret set\b|\bpr merge\b.*--admin|\brelease (create|upload)\b.*--clobber|\bauth (token|login|logout|refresh)\b|\b(workflow|extension) disable\b|\brun cancel\b|\bissue transfer\b|\brepo sync\b.*--force|\b(ssh-key|gpg-key|deploy-key) add\b/u,
  ),
  glab: words(/\b(archive|transfer)\b|\b(ci|pipeline) cancel\b|\bauth (login|logout)\b/u),
  heroku: words(
    /pg:(reset|push|promote|copy)|ps:(stop|kill)|ps:scale \w+=0|\bmaintenance:on|\b(config|buildpacks):(unset|clear)|rollback|:(detach|transfer|leave|disable)\b/u,
  ),
  fly: words(
    /\bscale count\b.*\b0\b|\b(machines?|apps?) (stop|suspend)\b|\bips release\b|\bsuspend\b|\bdetach\b/u,
  ),
  vercel: words(/\b(rollback|promote)\b/u),
  netlify: words(/\b(sites|env|functions|blobs):(delete|unset)/u),
  supabase: words(/\bdb push\b|\bmigration (repair|squash|down)\b|--no-backup\b|\bpause\b/u, /--local\b/u),
  firebase: words(/:(disable|set|unset)\b|\bdeploy\b.*--force/u),
  wrangler: words(/\brollback\b|\btriggers? delete/u),
  rclone: words(/\b(sync|move|moveto|dedupe|cleanup|bisync)\b/u),
  restic: words(/--(prune|cleanup|remove-all|forget)\b/u),
  borg: words(/\b(compact|recreate|break-lock)\b/u, /\bcompact --dry/u),
  duplicity: words(/\b(cleanup|remove-\S+)\b.*--force/u),
  pgbackrest: words(/\b(expire|stanza-delete|stop)\b/u),
  rabbitmqctl: words(/\b(stop\w*|force_\w+|close_\w+|eval|shutdown|rename_\w+|rotate_\w+)\b/u),
  rabbitmqadmin: words(/\bclose\b/u),
  nats: words(/\b(seal|step-down)\b/u),
  op: words(/\b(suspend|archive)\b|--archive\b/u),
  ldcli: words(/\barchive\b|\btoggle-off\b/u),
  unleash: words(/\b(archive|disable)\b/u),
  flipt: words(/\bimport\b.*--drop/u),
  splunk: words(/\b(clean|stop|offline|disable)\b/u),
  amtool: words(/\bexpire\b/u),
  stripe: words(
    /\b(cancel|void\w*|refund\w*|detach|reject|close)\b|\b(payouts|transfers) create\b|\bmark_uncollectible\b/u,
  ),
  circleci: words(/\b(unlist)\b/u),
  drone: words(/\b(disable|chown|stop|decline)\b/u),
  argo: words(/\b(stop|suspend)\b/u),
  argocd: words(/--(prune|force)\b|\brollback\b|\bterminate-op\b/u),
  flux: words(/\bsuspend\b/u),
  virsh: words(/\b(undefine|shutdown|reboot|managedsave-remove|snapshot-revert|vol-wipe|blockjob)\b/u),
  vboxmanage: words(/\b(poweroff|savestate|restore)\b|--delete\b/iu),
  qm: words(/\b(stop|rollback|shutdown)\b/u),
  lxc: words(/\bstop\b.*--force|\brestore\b/u),
  jenkins: words(
    /\b(quiet-down|safe-shutdown|shutdown|safe-restart|restart|groovy|clear-queue|disable-job|offline-node)\b/u,
  ),
  nuget: words(/\bpush\b/u),
  ansible: words(/state=absent|\b-m (shell|command|raw)\b|--module-name/u, /--check\b/u),
  eb: words(/\babort\b|\bscale 0\b/u),
  vagrant: words(/\bhalt\b.*(-f|--force)\b|\bsnapshot restore\b/u),
  pscale: words(/\bdeploy-request deploy\b/u),
  etcdctl: words(/\b(defrag|compact|move-leader|auth disable)\b|\bsnapshot restore\b/u),
  azcopy: words(/--delete-destination[ =]true/u),
  mc: words(/\b(mv|undo)\b|\banonymous set (public|download|upload)|\bpolicy set (public|download|upload)/u),
  s3cmd: words(/--delete-removed|\bmv\b|--acl-public/u),
  bq: words(/\b(rm|truncate)\b|--replace\b|\bload\b.*--replace/u),
  kafka: KAFKA,
};

/** Names of one program, or of its kin with the same words. */
const ALIASES: Readonly<Record<string, string>> = {
  tofu: 'terraform',
  terragrunt: 'terraform',
  oc: 'kubectl',
  k: 'kubectl',
  k3s: 'kubectl',
  microk8s: 'kubectl',
  flyctl: 'fly',
  pct: 'qm',
  lxd: 'lxc',
  incus: 'lxc',
  'ansible-playbook': 'ansible',
  'jenkins-cli': 'jenkins',
};

export const specialTest = (name: string): Test | undefined =>
  SPECIAL[ALIASES[name] ?? (name.startsWith('kafka-') ? 'kafka' : name)];
