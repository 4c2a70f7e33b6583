import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../builders/certificate.ts';

/** Answers every request with the same bytes, as long as a pod: the floor under any server on Node.js. Run as a process. */
const { cert, key } = await makeCertificate('constant');
const body = Buffer.from('x'.repeat(1_500));
const server = createServer({ key, cert, noDelay: true }, (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({ url, certificate: cert })}\n`);
});
