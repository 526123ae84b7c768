import { critical, type Finding, type Invocation, type RuleTable, under } from '../rule.ts';

type Looks = {
  /** Arguments of which one must stand there; `none`: without any operand it only lists. */
  readonly asks?: RegExp;
  /** Arguments that change something, whatever else stands there. */
  readonly changes?: RegExp;
  /** Without `asks` it only looks, unless something `changes`. */
  readonly otherwise?: true;
};

const HELP = /^(-h|--help|-V|--version|-\?)$/u;

/** Which of its arguments make a program of disks one that only looks. Whatever is not listed changes them. */
const LOOKS: Readonly<Record<string, Looks>> = {
  mke2fs: { asks: /^-n$/u },
  fdisk: { asks: /^(-[lxs]|--list|--list-details|--getsz)$/u },
  sfdisk: { asks: /^(-[lsdJrFV]|--(list|show-size|dump|json|list-free|list-types|verify))$/u },
  cfdisk: {},
  gdisk: { asks: /^-l$/u },
  sgdisk: {
    asks: /^(-[pivOLEFD]\d*|--(print|info(=.*)?|verify|print-mbr|list-types|first-.*|end-.*|display-.*))$/u,
    changes:
      /^-[aAcCdegGhjmnNrRstTuUxXzZoblk]|^--(attributes|change|delete|move|hybrid|new|largest|typecode|zap|clear|mbrtogpt|randomize|load|replicate|sort|transpose|disk-guid|partition-guid|gpttombr|resize|set|transform|backup)/u,
  },
  parted: {
    asks: /^(-l|--list|print|p|unit|help|align-check)$/u,
    changes: /^(mk.*|rm|resize.*|move|name|set|toggle|disk_set|disk_toggle|rescue|cp|check|type|quit\w+)$/u,
  },
  hdparm: {
    asks: /^-[IigCtTvW]$/u,
    changes: /^-(?![IigCtTvWq]+$)|^--(?!(Istdout|direct|verbose|offset)$)|^-W\d/u,
  },
  nvme: {
    asks: /^(list.*|id-.*|smart-log.*|error-log|fw-log|get-.*|show-.*|version|help|.*-log)$/u,
    changes:
      /^(format|sanitize.*|write.*|delete.*|create.*|attach.*|detach.*|fw-(download|commit|activate)|reset|subsystem-reset|set-.*|security-.*|dsm|ns-.*)$/u,
  },
  cryptsetup: {
    asks: /^(status|luksDump|isLuks|luksUUID|benchmark|tcryptDump|bitlkDump|fvault2Dump)$/u,
    changes:
      /^(luks(Format|Erase|Kill.*|Remove.*|Add.*|Change.*|Header.*|Convert.*|Suspend)|erase|close|remove|open|create|resize|reencrypt.*|config|convert|token|repair)$/u,
  },
  mdadm: {
    asks: /^(-[DEQ]|--(detail|examine|query|detail-platform|examine-.*))$|^-[DEQ][bsv]+$/u,
    changes:
      /^(-[CAGFSfrao]|--(create|assemble|grow|stop|remove|fail|add|zero-superblock|build|manage|run|re-add|replace|set-faulty|update.*|wait))/u,
  },
  zpool: { asks: /^(status|list|iostat|get|history|events|version)$/u, changes: /^(-f|-c|-k)$/u },
  zfs: { asks: /^(list|get|diff|version|holds|userspace|groupspace|projectspace|bookmarks)$/u },
  badblocks: { changes: /^-\w*[wn]/u, otherwise: true },
  debugfs: { changes: /^-\w*[wf]/u, otherwise: true },
  tune2fs: { asks: /^-l$/u, changes: /^-[acCeEfgijIJLmMoOQrTuUz]/u },
  resize2fs: { asks: /^-P$/u },
  diskutil: { asks: /^(list|info|activity|listFilesystems|verify(Disk|Volume))$/iu },
  dmsetup: {
    asks: /^(ls|info|status|table|deps|targets|version|splitname|help)$/u,
    changes:
      /^(remove.*|create|reload|load|suspend|resume|clear|mknodes|rename|message|wipe_table|setgeometry)$/u,
  },
  losetup: {
    asks: /^(-[alJn]+|--(all|list|json|raw|associated(=.*)?)|-j)$/u,
    changes: /^(-[cdDf].*|--(detach.*|find|set-.*))$/u,
  },
  btrfs: {
    asks: /^(show|list|df|usage|du|stats|status|get.*|dump-.*|inode-resolve|logical-resolve|find-new|--help|help)$/u,
    changes:
      /^(delete|create|remove|add|replace|resize|cancel|start|convert|rescue|restore|set.*|defragment|sync|snapshot|-z|zero-.*|balance|receive)$/u,
  },
  fsck: { asks: /^-\w*[nN]/u, changes: /^-\w*[yapf]|^--(repair|force)/u },
  e2fsck: { asks: /^-\w*n/u, changes: /^-\w*[ypc]/u },
  xfs_repair: { asks: /^-n$/u, changes: /^-L$/u },
  wipefs: { changes: /^(-\w*[ao]\w*|-\w*b\w*|--(all|offset|backup|force).*)$/u, otherwise: true },
};

const NONE: ReadonlySet<string> = new Set([
  'losetup',
  'zpool',
  'zfs',
  'diskutil',
  'nvme',
  'btrfs',
  'dmsetup',
]);
/** `wipefs -n -a`: it only says what it would do. */
const TRIES = /^(-n|--no-act|--dry-run)$/u;

const disk = (call: Invocation): readonly Finding[] => {
  const { name, args } = call;
  const looks = LOOKS[name] ?? {};
  const helps = args.length > 0 && args.every((arg) => HELP.test(arg));
  const tries = ['wipefs', 'sfdisk', 'zfs', 'zpool'].includes(name) && args.some((arg) => TRIES.test(arg));
  const changes = args.some((arg) => looks.changes?.test(arg) === true);
  const asks = looks.otherwise === true || args.some((arg) => looks.asks?.test(arg) === true);
  const unknown = args.some((arg) => /[\u0000\u0003]/u.test(arg)) && looks.otherwise === true;
  return helps || tries || (args.length === 0 && NONE.has(name)) || (asks && !changes && !unknown)
    ? []
    : [critical('disk', `${name} changes disks or file systems`)];
};

/** Programs that make, change or check disks and file systems. */
export const DISK_RULES: RuleTable = under(
  'mkfs mke2fs mkswap wipefs fdisk sfdisk cfdisk gdisk sgdisk parted blkdiscard hdparm nvme cryptsetup lvremove vgremove pvremove lvreduce mdadm zpool zfs badblocks debugfs tune2fs resize2fs diskutil dmsetup losetup format diskpart sg_format btrfs e2fsck fsck xfs_repair',
  { base: 'MEDIUM', findings: disk },
);
