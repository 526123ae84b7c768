import { isUncertain } from '../../markers.ts';
import { scanOptions } from '../options.ts';
import type { Invocation } from '../rule.ts';

/** Without these nobody reaches the machine any more, or all that others run on it ends. */
const CARRIES =
  /^(sshd?|network\w*|systemd|dbus|docker|dockerd|containerd|podman|crio|kubelet|firewalld|ufw|iptables|nftables|gdm\d*|lightdm|sddm|display-manager|getty|user|session)\b|\.(target|slice|scope|mount|swap|device)$/iu;

const RESTARTS: ReadonlySet<string> = new Set(['restart', 'try-restart', 'reload-or-restart', 'condrestart']);
const PLAIN: ReadonlySet<string> = new Set(['user', 'system', 'no-block', 'no-pager', 'wait', 'q', 'quiet']);

/** True for a restart of one service by its name, which is up again afterwards. */
export const restartsOne = ({ name, args }: Invocation): boolean => {
  const { options, operands } = scanOptions(args);
  const [first = '', second = '', ...more] = operands;
  const [verb, unit] = name === 'systemctl' || name === 'initctl' ? [first, second] : [second, first];
  return (
    RESTARTS.has(verb) &&
    more.length === 0 &&
    options.every((option) => PLAIN.has(option.name)) &&
    /^[\w@.:-]+$/u.test(unit) &&
    !isUncertain(unit) &&
    !CARRIES.test(unit)
  );
};
