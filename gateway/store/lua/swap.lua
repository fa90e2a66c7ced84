-- Replace a token if it is still the one that was read. KEYS: tokens. ARGV: name, old, new. Returns 1 or 0.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
