import { main } from './main.ts';
import { newerNode, runWith } from './newer-node.ts';

// A pipe that is closed early, as by `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

const node = newerNode();
process.exitCode = await (node === undefined ? main(process.argv.slice(2)) : runWith(node));
// Whatever is left over (an idle keep-alive connection, say) must not keep the process.
setTimeout(() => process.exit(), 200).unref();
