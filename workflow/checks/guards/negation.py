"""Negation that only one side has: a lost “not” turns the news round.

Languages put a negation in many ways (“fail to”, «отказаться», 缺乏), so counting does not help. A side is told of
only when it plainly negates and the other gives no sign at all, in the same sentence where both have as many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.checks.pair import Pair
from workflow.checks.prose import Span, masked
from workflow.checks.scripts import Script, script_of
from workflow.checks.sentences import sentences
from workflow.diagnostics import Diagnostic, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Negation:
    """How a language negates."""

    hint: re.Pattern[str]
    """What a text has in which the next may match; quick to look for."""
    plain: re.Pattern[str]
    """Negates, and a translation has to as well."""
    any_sign: re.Pattern[str]
    """May stand for a negation of the other language."""


_ENGLISH = Negation(
    hint=re.compile(r"[nN](?:o(?:[ tnb]|wh)|e[iv]|['’]t)|[wW]itho|[cC]anno"),
    plain=re.compile(
        r"""\b(?:
            not(?!\ (?:only|just|merely|simply|solely|least|until|to\ mention|unlike|long\ ago|far|so\ much|later|more|less
                    |fewer|too|all\ that|necessarily|yet|surprisingly|always|everyone|all|infrequently|uncommon|a\ few))
          | (?:ca|wo|do|does|did|is|are|was|were|has|have|had|would|could|should|must|need)n['’]t(?!\ wait)
          | cannot(?!\ but|\ wait|\ help|\ be\ overstated|\ overstate)
          | never(?:theless)?(?<!theless)(?!\ (?:mind|stop))
          | neither|nobody|no\ one|nowhere
          | no(?!\ (?:doubt|matter|wonder|less|fewer|later|more\ than|sooner|longer\ than|stranger|small|coincidence|exception|\d)|[.,-])
          | none(?!theless|\ other)
          | nothing(?!\ (?:but|short|less))
          | without(?!\ (?:doubt|delay|exception|question|hesitation|fail|precedent|a\ doubt))
        )\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    any_sign=re.compile(
        r"""n['’]t\b|\bno[tnr]?\b|\bcannot|\bnever|\bneither|\bno(?:body|thing|where|ne)|\bwithout|less\b
          | \b(?:un(?!i(?:vers|on|t|q|form|fi)|der|til|anim|cle)|dis(?!cuss|tan|tric|tin|play|cov|ciplin|pers)|non-?|anti
               |in(?:ab|acc|adeq|app|cap|comp|corr|eff|exh|sec|suff|val|vis|vuln)|im(?:poss|perf|mat|prob)|il(?:leg|log)
               |ir(?:reg|resp|rev)|de(?:n(?:y|ied|ial)|clin|void|spite|prived)|miss(?!ion)|mis(?!s)
               |fail|lack|refus|avoid|prevent|hardly|rarely|barely|seldom|scarc|few\b|little\b|absen|stop|ceas|bann|reject
               |exclu|except|only\b|free\b|rather|instead|exempt|yet\b|far\b|against|oppos|zero|halt|suspen|cancel|forbid
               |forbad|prohibit|restrain|los[et]|loss|empty|still\b|short\b|whether|hard\b|difficult|doubt|null|mere
               |too\b|unless|regardless|waiv|alone\b|expel|barred|must\ be\ kept|keep\ from|abstain|ban\b|bans\b)""",
        re.IGNORECASE | re.VERBOSE,
    ),
)
_RUSSIAN = Negation(
    hint=re.compile(r"[нНбБ](?<![а-яёА-ЯЁ].)(?:е[\s\u00a0зтлв]|и[кгч])"),
    plain=re.compile(
        r"""\b(?:
            (?<!чуть\ )(?<!едва\ )(?<!пока\ )(?<!разве\ )(?<!если\ )(?<!ли\ )(?<!бы\ )(?<!что\ )не(?!\ (?:
                только|лишь|просто|столько|менее|более|меньше|больше|раз\b|позднее|позже|ранее|раньше|реже|хуже|говоря
                |исключен|случайн|зря|без\b|мог\w*\ не|так\ давно|далее|ниже|выше|старше|младше|иначе|сколько|то\b|обязательно
                |всегда|все\b|удивительно|секрет|покладая|секунд|один\b|одн(?:а|о|им|ого)\b|за\ горами))
          | нет(?!\ сомнени)|нельзя(?!\ не)|никогда|никто|ничего|ничто|нигде|никак(?:ой|ая|ие|их|ого)|невозможно|нельзя
          | без(?!\ (?:сомнени|исключени|промедлени|преувеличени|малого|устали|труда|проблем|отрыва|остатка))
        )\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    any_sign=re.compile(
        r"""\bне(?!дел|скольк|фт|давно|обходим|мец|рв|бо|бес|жн|смотря|который|которы|посредств|однократн|пременно|изменн|редко)
          | \bни(?!ж|т|ш|к(?:ел|ит|ол))|\bнет\b|\bнельзя|\b(?:без|бес)|отказ|отсутств|нехват|лиш|избе[гж]|запре[тщ]|против|перест|прекра[тщ]
          | \bмало|редко|едва|вряд|отриц|отверг|отклон|кроме|отмен|пуст|\bноль|нулев|помеш|мешать|предотвра|исключ|уберечь|освобо|потер|утра[тч]
          | дефицит|только|сложно|трудно|воздерж|вместо|сомнева|обесточ|отключ""",
        re.IGNORECASE | re.VERBOSE,
    ),
)
_CHINESE = Negation(
    hint=re.compile("[不没未无非勿]"),
    plain=re.compile(
        r"""没有(?!.{0,3}不)|并未|尚未|从未|未(?:能|曾|获|予|提供|透露|公布|参加|参与|出席|发现|达成|签署|通过|完成|必|见|造成|经(?!之))
          | 不(?:能(?!不)|会(?!不)|得(?!不|已)(?=[\u4e00-\u9fff])|是|再(?!是)|应(?=[\u4e00-\u9fff])|该|需|必|准|许|允许|存在|属于|支持|接受|同意|参加|参与|包括|包含|含|予|打算
               |愿|想|知|认为|承认|承担|提供|公开|收取|收费|收|受(?!.{0,4}影响)|适用|适合|符合|限(?!于)|依赖|需要|具备|要(?!.{0,6}，就)|用|敢|希望|排除|影响|改变|涉及|批准|签署|出席|赞成|使用)
          | (?<![要岂])(?:并不|从不|绝不|决不|毫不|并非|绝非|毫无|无法|无权|无需|无须|无人(?!机|驾|艇|船|车|区|值守|驾驶|问津|能及)|切勿|请勿|不可(?!或缺|思议|估量|避免|分割|替代|磨灭|少|逆转|多得|限量)|不曾|未经)""",
        re.VERBOSE,
    ),
    any_sign=re.compile(
        "不(?!仅|断|少|同|久|过|管|论|但|禁|愧|失|远|凡|锈|止|俗|惜|懈|朽|屈|动产|遗余力)|没(?!收)|未(?!来)|无(?!论|数|疑|线|人机|锡|私|限|比|穷|缝)"
        "|非(?!常|洲|凡|遗|物质)|勿|别(?![的墅名人])|(?<![个分特区差识级性类派鉴辨告])别|缺|拒绝|免|防止|禁|否|失去|失败|减少|难|仅|只|停|断(?=电|水|网|绝|气)|隔绝|售罄|消除|零(?!部|售)|暂|取消|反对|罕|鲜有|莫|以外|之外|有待|尚"
    ),
)
_BY_SCRIPT = {Script.LATIN: _ENGLISH, Script.CYRILLIC: _RUSSIAN, Script.HAN: _CHINESE}


def lost_negation(pair: Pair) -> Iterator[Diagnostic]:
    """A sentence that is negative on one side only."""
    source_script, script = script_of(pair.source_language), script_of(pair.language)
    if source_script is None or script is None or source_script is script:
        return
    ours, theirs = _BY_SCRIPT[source_script], _BY_SCRIPT[script]
    source, target = pair.unit.source, pair.unit.target
    if not (ours.hint.search(source) or theirs.hint.search(target)):
        return
    for before, after in _aligned(source, source_script, target, script):
        if spans := _one_sided(source, before, ours, after, theirs):
            message = "negative in the source, not in the translation"
            yield _finding(pair, message, source_spans=spans)
        elif spans := _one_sided(target, after, theirs, before, ours):
            message = "negative in the translation, not in the source"
            yield _finding(pair, message, target_spans=spans)


def _aligned(source: str, source_script: Script, target: str, script: Script) -> list[tuple[str, str]]:
    """Sentence by sentence if both have as many, else the whole texts."""
    ours, theirs = sentences(source, source_script), sentences(target, script)
    if len(ours) == len(theirs) > 1:
        return list(zip(ours, theirs, strict=True))
    return [(masked(source), masked(target))]


def _one_sided(whole: str, text: str, negation: Negation, other: str, others: Negation) -> tuple[Span, ...]:
    """Where the text plainly negates while the other gives no sign of it; as places in the whole."""
    found = list(negation.plain.finditer(text)) if negation.hint.search(text) else []
    if not found or others.any_sign.search(other):
        return ()
    start = max(0, masked(whole).find(text))
    return tuple((start + match.start(), start + match.end()) for match in found)


def _finding(
    pair: Pair, message: str, source_spans: tuple[Span, ...] = (), target_spans: tuple[Span, ...] = ()
) -> Diagnostic:
    return pair.finding(
        "guards.negation",
        message,
        "see that the sentence still says the same",
        Severity.WARNING,
        source_spans=source_spans,
        target_spans=target_spans,
    )
