-- Take a partition that nobody owns, or keep one's own.
-- KEYS: lease, epoch. ARGV: owner, TTL in ms.
-- Returns the fencing token "owner#epoch", or false where another owns it.
local held = redis.call('GET', KEYS[1])
if held then
  if string.sub(held, 1, #ARGV[1] + 1) ~= ARGV[1] .. '#' then return false end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return held
end
local token = ARGV[1] .. '#' .. redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token
