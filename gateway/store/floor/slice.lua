-- One slice of a run: fence, then for each contact its conversation, the question and the ledger.
-- KEYS: lease, outbound stream, then contact and ledger of each contact.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('FENCED') end
local a = 3
for k = 3, #KEYS, 2 do
  redis.call('HINCRBY', KEYS[k], 'v', 1)
  redis.call('HSET', KEYS[k], 'conversation', ARGV[a])
  redis.call('XADD', KEYS[2], '*', 'c', ARGV[a + 1], 'to', ARGV[a + 2], 'body', ARGV[a + 3], 'run', ARGV[2])
  redis.call('RPUSH', KEYS[k + 1], ARGV[a + 4])
  a = a + 5
end
return 1
