// A message centre by another hand (node-smpp). It tells what it gets as lines of JSON, and does what it is told by lines:
// {"number", "text"} is a customer's text, in parts where "parts" says so; {"number", "receipt"} a receipt.
const smpp = require('smpp');
const tell = (x) => process.stdout.write(JSON.stringify(x) + '\n');
let session, ids = 0;
const server = smpp.createServer((s) => {
  s.on('error', (e) => tell({error: String(e)}));
  s.on('bind_transceiver', (p) => {
    const good = p.system_id === 'gw01' && p.password === 's3cr3t-word';
    s.send(p.response({command_status: good ? 0 : smpp.ESME_RINVPASWD, system_id: 'SMSC'}));
    session = s;
    tell({bound: good, version: p.interface_version});
  });
  s.on('enquire_link', (p) => { s.send(p.response()); tell({enquired: true}); });
  s.on('unbind', (p) => { s.send(p.response()); tell({unbound: true}); });
  s.on('submit_sm', (p) => {
    const m = p.short_message;
    const id = 'A' + (++ids);
    tell({id, to: p.destination_addr, ton: p.dest_addr_ton, npi: p.dest_addr_npi, from: p.source_addr, fromTon: p.source_addr_ton, coding: p.data_coding,
      text: m.message, udh: m.udh ? Buffer.concat(m.udh).toString('hex') : '', receipt: p.registered_delivery, validity: p.validity_period});
    s.send(p.response({message_id: id}));
  });
});
const deliver = (pdu) => session.deliver_sm(pdu, (answer) => tell({answered: answer.command_status, command: answer.command}));
require('readline').createInterface({input: process.stdin}).on('line', (line) => {
  const x = JSON.parse(line);
  const pdu = {source_addr_ton: 1, source_addr_npi: 1, source_addr: x.number, destination_addr: '8041'};
  if (x.receipt) {
    deliver({...pdu, esm_class: 4, short_message: 'id:' + x.receipt + ' sub:001 dlvrd:001 submit date:2608010930 done date:2608010931 stat:DELIVRD err:000 text:Co',
      receipted_message_id: x.receipt, message_state: 2});
  } else if (x.enquire) {
    session.enquire_link((answer) => tell({answered: answer.command_status, command: answer.command}));
  } else if (x.parts) {
    x.parts.forEach((text, i) => deliver({...pdu, data_coding: 8, esm_class: 0x40,
      short_message: {udh: Buffer.from([5, 0, 3, 0x2a, x.parts.length, i + 1]), message: text}}));
  } else if (x.payload) {
    deliver({...pdu, data_coding: 8, message_payload: x.payload});
  } else {
    deliver({...pdu, data_coding: x.coding, short_message: x.text});
  }
});
server.listen(0, '127.0.0.1', () => tell({port: server.address().port}));
