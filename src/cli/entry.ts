import * as modules from 'node:module';

// What has been compiled is kept beside other temporary files, before anything that is large is loaded. Node.js 20 cannot.
(modules as Partial<typeof modules>).enableCompileCache?.();
const { newerNode, runWith } = await import('./newer-node.ts');

// A closed stderr must not end a run.
process.stderr.on('error', () => undefined);

const node = newerNode();
process.exitCode = await (node === undefined ? (await import('./main.ts')).main(process.argv.slice(2)) : runWith(node));
// Whatever is left over (an idle keep-alive connection, say) must not keep the process.
setTimeout(() => process.exit(), 200).unref();
