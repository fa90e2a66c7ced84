-- One partition's batch: fence, versions, then for each event the contact, what is sent and the ledger; at last the log is
-- trimmed. KEYS: lease, log, outbound stream, then contact and ledger of each event.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('FENCED') end
local a = 3
for k = 4, #KEYS, 2 do
  if ARGV[a] ~= '' and (redis.call('HGET', KEYS[k], 'v') or '0') ~= ARGV[a] then return redis.error_reply('STALE') end
  a = a + 10
end
a = 3
for k = 4, #KEYS, 2 do
  redis.call('HSET', KEYS[k], 'v', ARGV[a + 1], 'state', ARGV[a + 2], 'step', ARGV[a + 3], 'last_in', ARGV[a + 4], ARGV[a + 5], ARGV[a + 6])
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', 5000, '*', 'to', ARGV[a + 7], 'body', ARGV[a + 8], 'campaign', ARGV[a + 9])
  redis.call('RPUSH', KEYS[k + 1], ARGV[a + 6])
  a = a + 10
end
redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2])
return 1
