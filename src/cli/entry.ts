import { main } from './main.ts';
import { newerNode, runWith } from './newer-node.ts';

// A closed stderr must not end a run.
process.stderr.on('error', () => undefined);

const node = newerNode();
process.exitCode = await (node === undefined ? main(process.argv.slice(2)) : runWith(node));
// Whatever is left over (an idle keep-alive connection, say) must not keep the process.
setTimeout(() => process.exit(), 200).unref();
