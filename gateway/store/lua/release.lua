-- Give a lease back. KEYS: lease. ARGV: token. Returns 1, or 0 where it was not ours any more.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1
