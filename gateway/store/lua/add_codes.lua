-- Put codes into a pool, each at most once ever. KEYS: codes, known. ARGV: codes. Returns how many were new.
local added = 0
for i = 1, #ARGV do
  if redis.call('SISMEMBER', KEYS[2], ARGV[i]) == 0 then
    redis.call('RPUSH', KEYS[1], ARGV[i]) -- first: where it fails, the code is not known and can be added again
    redis.call('SADD', KEYS[2], ARGV[i])
    added = added + 1
  end
end
return added
