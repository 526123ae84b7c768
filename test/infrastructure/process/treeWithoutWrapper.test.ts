import { program } from './support.ts';
import { treePromises } from './treePromises.ts';

// Without PATH there is no setpriv to be found: the tree has its process group and its token only.
program('bash');
process.env.PATH = '';

treePromises(process.platform === 'linux' ? 'group' : 'any');
