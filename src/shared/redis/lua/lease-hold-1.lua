--[[
  Takes or renews the right to poll one token.
  KEYS: 1 bot_lease
  ARGV: 1 holder ('container:boot id:fence'), 2 TTL in ms
  Returns: 'held', or the other holder.
  Invariant: nobody takes a lease that another still holds; it ends by its TTL, by its holder, or by a revocation that names the holder.
]]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return holder end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'held'
