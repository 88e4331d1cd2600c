-- Style attributes in print: what of CSS text and boxes have there.
local common = require 'common'
local colours = require 'colours'
local css = common.css
local M = {}

local SIZES = {smaller = '0.85em', small = '0.85em', ['x-small'] = '0.7em', larger = '1.2em',
  large = '1.2em', ['x-large'] = '1.5em'}
local LINES = {underline = 'underline', ['line-through'] = 'strike', overline = 'overline'}
local ALIGN = {left = 'left', right = 'right', center = 'center', start = 'start', ['end'] = 'end'}

function M.ink(style) return colours.hex(css(style, 'color')) end

function M.fill(style)
  return colours.hex(css(style, 'background-color')) or colours.hex(css(style, 'background'))
end

local function size(value)
  local number, unit = value:match '^([%d.]+)(%a*%%?)$'
  if unit == '%' then return tonumber(number) / 100 .. 'em' end
  if unit == 'px' then return tonumber(number) * 0.75 .. 'pt' end
  if unit == 'rem' then unit = 'em' end
  return (unit == 'em' or unit == 'pt') and number .. unit or SIZES[value]
end

-- Arguments of Typst's `text`.
function M.text(style)
  local ink, weight, arguments = M.ink(style), css(style, 'font-weight'), pandoc.List{}
  if ink then arguments:insert('fill: rgb("' .. ink .. '")') end
  if weight:match '^bold' or (tonumber(weight) or 0) >= 600 then arguments:insert 'weight: "bold"'
  elseif weight == 'normal' or weight == '400' then arguments:insert 'weight: "regular"' end
  local slant = css(style, 'font-style')
  if slant == 'italic' or slant == 'oblique' then arguments:insert 'style: "italic"'
  elseif slant == 'normal' then arguments:insert 'style: "normal"' end
  local height = size(css(style, 'font-size'))
  if height then arguments:insert('size: ' .. height) end
  return arguments
end

-- Functions around words, each with what it is called with.
function M.lines(style)
  local out = pandoc.List{}
  for name in (css(style, 'text-decoration') .. ' ' .. css(style, 'text-decoration-line')):gmatch '[%a-]+' do
    if LINES[name] then out:insert('#' .. LINES[name] .. '[') end
  end
  -- PDF/UA lets words have one line
  for i = 2, #out do out[i] = '#box(stroke: (bottom: 0.5pt))[' end
  if css(style, 'font-variant'):match 'small%-caps' then out:insert '#smallcaps[' end
  local shifted = css(style, 'vertical-align')
  if shifted == 'super' or shifted == 'sub' then out:insert('#' .. shifted .. '[') end
  return out
end

-- What goes before words of this style, and after them. `marked`: as with a marker.
function M.around(style, marked)
  local opening, text = M.lines(style), M.text(style)
  local fill = M.fill(style) or marked and '#fff3b0'
  if fill then opening:insert(1, '#highlight(fill: rgb("' .. fill .. '"))[') end
  if #text > 0 then opening:insert('#text(' .. table.concat(text, ', ') .. ')[') end
  return table.concat(opening), string.rep('];', #opening)
end

-- What goes before blocks of this style, and after them.
function M.box(style)
  local inside, text, fill = '', M.text(style), M.fill(style)
  if #text > 0 then inside = '#set text(' .. table.concat(text, ', ') .. ')\n' end
  local align = ALIGN[css(style, 'text-align')]
  if align then inside = inside .. '#set align(' .. align .. ')\n' end
  if inside == '' and not fill then return end
  return '#block(width: 100%' .. (fill and ', inset: 4pt, fill: rgb("' .. fill .. '")' or '') .. ')[\n'
    .. inside, ']'
end

return M
