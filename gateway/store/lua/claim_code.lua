-- Take codes from a pool. The same claim always gets the same code, and a code goes to one claim only.
-- KEYS: codes, claims. ARGV: the claims. Returns a code for each, or false where the pool is empty.
local got = {}
for i, claim in ipairs(ARGV) do
  local code = redis.call('HGET', KEYS[2], claim)
  if not code then
    code = redis.call('LPOP', KEYS[1])
    if code then redis.call('HSET', KEYS[2], claim, code) end
  end
  got[i] = code
end
return got
