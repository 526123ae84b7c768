import { hasExactly, scanOptions } from '../options.ts';
import { type Finding, high, type Invocation, type RuleTable, under, writes } from '../rule.ts';

const deletes = (call: Invocation): readonly Finding[] => {
  const scan = scanOptions(call.args, { values: 's n size iterations reference' });
  if (hasExactly(scan, 'help', 'version') && scan.operands.length === 0) return [];
  return [high('delete', `${call.name} deletes or empties files`), ...writes(scan.operands)];
};

/** Programs whose very purpose is that something is gone afterwards. */
export const DELETE_RULES: RuleTable = {
  ...under(
    'rm rmdir unlink shred truncate srm wipe rimraf del del-cli trash trash-put trash-empty gio-trash rd erase remove-item ri bleachbit fstrim flushall flushdb drop',
    {
      base: 'MEDIUM',
      findings: deletes,
    },
  ),
  dd: {
    base: 'MEDIUM',
    findings: (call) => {
      const target = call.args.find((arg) => arg.startsWith('of='));
      if (call.args.some((arg) => /^[\u0000\u0003]/u.test(arg)))
        return [high('delete', 'dd may overwrite its target')];
      if (target === undefined) return [];
      return target === 'of=/dev/null'
        ? []
        : [high('delete', 'dd overwrites its target'), ...writes([target.slice(3)])];
    },
  },
  ...under(
    'mkfs mke2fs mkswap wipefs fdisk sfdisk cfdisk gdisk sgdisk parted blkdiscard hdparm nvme cryptsetup lvremove vgremove pvremove lvreduce mdadm zpool zfs badblocks debugfs tune2fs resize2fs diskutil dmsetup losetup format diskpart sg_format btrfs e2fsck fsck xfs_repair',
    {
      base: 'MEDIUM',
      findings: (call) =>
        call.args.some((arg) =>
          /^(-l|--list|list|status|get|info|show|--help|--version|help|-h|-V|print|iostat|history|scrub|id-ctrl|smart-log|-n|--no-act|--detail|-I)$/u.test(
            arg,
          ),
        ) &&
        !call.args.some((arg) =>
          /^(destroy|delete|rm|erase.*|remove|wipe.*|create|rollback|format|sanitize|labelclear|luksFormat|luksErase|-d|--delete|--stop|--zero-superblock)$/iu.test(
            arg,
          ),
        )
          ? []
          : [high('disk', `${call.name} changes disks or file systems`)],
    },
  ),
};
