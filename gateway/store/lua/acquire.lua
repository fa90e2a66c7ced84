-- Take a partition that nobody owns, or keep one's own.
-- KEYS: lease, epoch. ARGV: owner, TTL in ms.
-- Returns the fencing token "owner#epoch", or where another owns it the ms until its lease runs out.
local held = redis.call('GET', KEYS[1])
if held then
  if string.sub(held, 1, #ARGV[1] + 1) ~= ARGV[1] .. '#' then return redis.call('PTTL', KEYS[1]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return held
end
local token = ARGV[1] .. '#' .. redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token
