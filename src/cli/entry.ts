import { main } from './main.ts';

// A pipe that is closed early, as by `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

process.exitCode = await main(process.argv.slice(2));
// Whatever is left over (an idle keep-alive connection, say) must not keep the process.
setTimeout(() => process.exit(), 200).unref();
