-- Colours as a style gives them (CSS): by name, as #rgb or #rrggbb, as rgb(…). `on_paper.py` knows the
-- same ones.
local M = {}

local names = {}
local file = assert(io.open(PANDOC_SCRIPT_FILE:gsub('[^/\\]+$', '') .. 'colours.txt'))
for name, value in file:read('a'):gmatch '(%a+) (%x+)' do names[name] = '#' .. value end
file:close()

-- A colour as #rrggbb; nil where it is none of these or altogether transparent.
function M.hex(colour)
  colour = colour:lower():gsub('^%s+', ''):gsub('%s+$', '')
  if names[colour] then return names[colour] end
  if colour:match '^#%x%x%x%x?$' then colour = colour:gsub('%x', '%0%0') end
  if colour:match '^#%x%x%x%x%x%x$' then return colour end
  local inside = colour:match '^rgba?%(([^()]*)%)$'
  local red, green, blue, alpha = colour:match '^#(%x%x)(%x%x)(%x%x)(%x%x)$'
  if red then
    inside = string.format('%d %d %d %f', tonumber(red, 16), tonumber(green, 16), tonumber(blue, 16),
      tonumber(alpha, 16) / 255)
  end
  if not inside then return nil end
  local parts = {}
  for part in inside:gmatch '[%d.]+%%?' do
    local number = tonumber((part:gsub('%%', '')))
    if part:match '%%$' then number = number / 100 * (#parts < 3 and 255 or 1) end
    parts[#parts + 1] = number
  end
  if #parts < 3 or #parts > 4 or parts[4] == 0 then return nil end
  local opaque, out = parts[4] or 1, '#'
  for i = 1, 3 do
    -- what is half transparent is on white paper
    out = out .. string.format('%02x', math.floor(255 - (255 - math.min(parts[i], 255)) * opaque + 0.5))
  end
  return out
end

return M
