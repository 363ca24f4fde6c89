// What a hospital's systems send in browser tests, by MLLP as they do (HL7 v2.5.1 appendix C.4.3).

import { connect } from 'node:net';

let sent = 0;

/** Sends a message of the laboratory's about a patient of RXT, in segments after its header; done when it was taken. */
export async function report(segments) {
  sent += 1;
  const control = `${process.pid}-${sent}`;
  const now = new Date().toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const message = [`MSH|^~\\&|LIMS|RXT|BATON|RXT|${now}+0000||ORU^R01^ORU_R01|${control}|T|2.5.1`, ...segments].join('\r');
  const [host, port] = process.env.BATON_HL7.split(':');
  const socket = connect(Number(port), host);
  const answer = await new Promise((resolve, reject) => {
    socket.on('error', reject);
    let all = '';
    socket.on('data', (bytes) => {
      all += bytes;
      if (all.includes('\x1c')) resolve(all);
    });
    socket.write(`\x0b${message}\r\x1c\r`);
  });
  socket.destroy();
  if (!answer.includes(`MSA|AA|${control}`)) throw new Error(`it was not taken: ${answer}`);
}
