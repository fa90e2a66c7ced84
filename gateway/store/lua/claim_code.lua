-- Take codes from a pool. The same claim always gets the same code, and a code goes to one claim only.
-- KEYS: codes, claims. ARGV: the claims. Returns a code for each, or false where the pool is empty.
local got = redis.call('HMGET', KEYS[2], unpack(ARGV))
local new, place = {}, {}
for i, claim in ipairs(ARGV) do
  if not got[i] and not place[claim] then
    new[#new + 1] = claim
    place[claim] = #new
  end
end
if #new == 0 then return got end
local codes = redis.call('LPOP', KEYS[1], #new)
if not codes then return got end
local pairs = {}
for n, code in ipairs(codes) do
  pairs[2 * n - 1], pairs[2 * n] = new[n], code
end
redis.call('HSET', KEYS[2], unpack(pairs))
for i, claim in ipairs(ARGV) do
  got[i] = got[i] or codes[place[claim]] or false
end
return got
