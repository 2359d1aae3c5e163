"""How English, Russian and Chinese negate.

Drawn from grammars and from news; made to be extended whenever a good translation is told of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from workflow.checks.scripts import Script


@dataclass(frozen=True, kw_only=True, slots=True)
class Negation:
    """How a language negates."""

    hint: re.Pattern[str]
    """What a text has in which the next may match; quick to look for."""
    plain: re.Pattern[str]
    """Negates, so that a translation has to as well."""
    undone: re.Pattern[str]
    """Makes of the negation before it something positive: “not cancelled”, «не отменили», 不会取消."""
    light: re.Pattern[str]
    """Negates in passing: a translation that puts it so may stand for a word of the source that does not negate."""
    any_sign: re.Pattern[str]
    """May stand for a negation of the other language."""
    seam: re.Pattern[str]
    """Stands between two clauses that negate each by itself."""


_ENGLISH = Negation(
    hint=re.compile(r"[nN](?:o(?:[ tnb]|wh)|e[iv]|['’]t)|[wW]itho|[cC]anno"),
    plain=re.compile(
        r"""\b(?:
            (?:not|(?:ca|wo|do|does|did|is|are|was|were|has|have|had|would|could|should|must|need)n['’]t)
                (?!\ (?:only|just|merely|simply|solely|least|until|unlike|long\ ago|far|so\ much|later|more|less|fewer
                    |too|all|necessarily|yet|surprisingly|always|everyone|infrequently|uncommon|a\ few|wait
                    |to\ mention)\b)
          | cannot(?!\ (?:but|wait|help|be\ overstated|overstate)\b)
          | never(?!\ (?:mind|stop)\b)
          | neither | nobody | no\ one | nowhere
          | no(?!\ (?:doubt|matter|wonder|less|fewer|later|more\ than|sooner|longer\ than|stranger|small|coincidence
                |exception|end)\b|\ \w{2,}er\ than\b|\ \d|[.,-])
          | none(?!\ other)
          | (?<!from\ )(?<!out\ of\ )nothing(?!\ (?:but|short|less|beats|like|better|more)\b)
          | without(?!\ (?:an?\ )?(?:doubt|delay|exception|question|hesitation|fail|precedent|interruption|break|pause
                |rest|stopping))
        )\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    undone=re.compile(
        r"""[^,.;:!?]{0,30}?\b(?:cancel|chang|clos|stop|interrupt|den(?:y|ied)|doubt|limit|regret|exclu|forg[eo]t|fail
            |lose\b|lost|miss|until|but\b|refus|without|unless|non|n[o’']t\b)""",
        re.IGNORECASE | re.VERBOSE,
    ),
    light=re.compile("without", re.IGNORECASE),
    any_sign=re.compile(
        r"""n['’]t\b | less\b
          | \b(?:no[tnr]?\b|cannot|never|neither|no(?:body|thing|where|ne)|without
              |un(?!i(?:vers|on|t|q|form|fi)|der|til|anim|cle)
              |dis(?!cuss|tan|tric|tin|play|cov|ciplin|pers)|non-?|anti
              |in(?:ab|acc|adeq|app|cap|comp|corr|eff|exh|sec|suff|val|vis|vuln)|im(?:poss|perf|mat|prob)|il(?:leg|log)
              |ir(?:reg|resp|rev)|de(?:n(?:y|ied|ial)|clin|void|spite|prived)|miss(?!ion)|mis(?!s)
              |fail|lack|refus|avoid|prevent|hardly|rarely|barely|seldom|scarc|few\b|little\b|absen|stop|ceas|bann?s?\b
              |reject|exclu|except|only\b|free\b|rather|instead|exempt|yet\b|far\b|against|oppos|zero|halt|suspen
              |cancel|forbid|forbad|prohibit|restrain|los[et]|loss|empty|still\b|short\b|whether|hard\b|difficult|doubt
              |null|mere|too\b|unless|regardless|waiv|alone\b|expel|barred|must\ be\ kept|keep\ from|abstain|banned
              |same\b|remain|stay|until|closed?\b|silen|almost|nearly|dead\b|died\b)""",
        re.IGNORECASE | re.VERBOSE,
    ),
    seam=re.compile(
        r"[,;:—–()]|\b(?:and|but|or|nor|while|though|although|because|which|who|that|if|when|so)\b", re.IGNORECASE
    ),
)
_RUSSIAN = Negation(
    hint=re.compile(r"[нНбБ](?<![а-яёА-ЯЁ].)(?:е[\s\u00a0зтлв]|и[кгч])"),
    plain=re.compile(
        r"""\b(?:
            (?<!чуть\ )(?<!едва\ )(?<!^пока\ )(?<![^а-яё]\ пока\ )(?<!\ и\ пока\ )
            (?<!разве\ )(?<!если\ )(?<!ли\ )(?<!бы\ )(?<!что\ )
            не(?![\ \u00a0](?:только|лишь|просто|столько|менее|более|меньше|больше|раз\b|позднее|позже|ранее|раньше|реже
                |хуже|говоря|исключен|случайн|зря|без\b|так\ давно|далее|ниже|выше|старше|младше|иначе|сколько|то\b
                |обязательно|всегда|все\b|удивительно|секрет|покладая|один\b|одн(?:а|о|им|ого)\b|за\ горами))
          | нет(?!\ сомнени) | нельзя(?!\ не) | никогда | никто | ничего | ничто | нигде | никак(?:ой|ая|ие|их|ого)
          | невозможно
          | без(?![\ \u00a0](?:сомнени|исключени|промедлени|преувеличени|малого|устали|труда|проблем|отрыва|остатка
                |перерыв|останов))
        )\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    undone=re.compile(
        r"""[^,.;:!?]{0,25}?\b(?:отмен|(?:из)?мен(?:я[еюлт]|и[тлм])|закры|останов|прерыв|прерв|отказ|отриц|опроверг|сомнев|прекра
            |исключ|забы|переста|потер|упусти|налюбов|нарадов|надив|нагляд) | \s(?:мо[гж]\w*\sне|без)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    light=re.compile(r"без|не\s\w+(?:вш|[уюая]щ)\w", re.IGNORECASE),
    any_sign=re.compile(
        r"""\b(?:не(?!дел|скольк|фт|давно|обходим|мец|рв|бо|бес|жн|смотря|который|которы|посредств|однократн
                |пременно|изменн|редко)
              |ни(?!ж|т|ш|к(?:ел|ит|ол))|бес|без|ноль|прежн|закры|молч|сконч|пуст(?:[аеу]|о[йм]?\b|ы[ем]))
          | отказ|отсутств|нехват|лиш|избе[гж]|запре[тщ]|против|перест|прекра[тщ]|мало|редко|едва|вряд|отриц|отверг
          | отклон|кроме|отмен|нулев|помеш|мешать|предотвра|исключ|уберечь|освобо|потер|утра[тч]|дефицит|только
          | сложно|трудно|воздерж|вместо|сомнева|обесточ|отключ|остал|остаё|остае|сохран|опроверг""",
        re.IGNORECASE | re.VERBOSE,
    ),
    seam=re.compile(r"[,;:—()]|\b(?:и|а|но|или)\b", re.IGNORECASE),
)
_CHINESE = Negation(
    hint=re.compile("[不没未无非勿]"),
    plain=re.compile(
        r"""没有(?!.{0,3}不) | 并未 | [尚仍还]未 | 从未
          | 未(?:能|曾|获|予|提供|透露|公布|参加|参与|出席|发现|达成|签署|通过|完成|必|见|造成|经(?!之))
          | 不(?:能(?!不)|会(?!不)|得(?!不|已)(?=[一-鿿])|是|再(?!是)|应(?=[一-鿿])|该|需|必|准|许|允许|存在|属于|支持
                |接受|同意|参加|参与|包括|包含|含|予|打算|愿|想|知|认为|承认|承担|提供|公开|收取|收费|受(?!.{0,4}影响)
                |适用|适合|符合|限(?!于)|依赖|需要|具备|用|敢|希望|改变|涉及|批准|签署|出席|赞成|使用)
          | (?<![要岂])(?:并不|从不|绝不|决不|毫不|并非|绝非|毫无|无法|无权|无需|无须
                |无人(?!机|驾|艇|船|车|区|值守|问津|能及)|切勿|请勿|不曾|未经
                |不可(?!或缺|思议|估量|避免|分割|替代|磨灭|少|逆转|多得|限量))""",
        re.VERBOSE,
    ),
    undone=re.compile("[^，。；：！？]{0,6}?(?:取消|停|关闭|中断|否认|怀疑|减|失|忘|拒绝|间断|排除|不|无|变)"),
    light=re.compile("未经|无需|无须|无人|毫无"),
    any_sign=re.compile(
        "不(?!仅|已|断|少|同|久|过|管|论|但|禁|愧|失|远|凡|锈|止|俗|惜|懈|朽|屈|动产|遗余力)|没(?!收)|未(?!来)"
        "|无(?!论|数|疑|线|人机|锡|私|限|比|穷|缝)|非(?!常|洲|凡|遗|物质)|勿"
        "|(?<![个分特区差识级性类派鉴辨告])别(?![的墅名人])|莫|缺|拒绝|免|防止|禁|否|失去|失败|减少|难|仅|只|停"
        "|断(?=电|水|网|绝|气)|隔绝|售罄|消除|零(?!部|售)|暂|取消|反对|罕|鲜有|以外|之外|有待|尚(?![未无不没])|匿名|仍|依然|依旧|保持|连续|直到|照旧|原样|完好|微乎|关闭|闭馆|沉默|主动|[离去逝]世|险些|差点"
        "|(?<![人天英奇口刚方文])才(?![能华干艺智子女])"
    ),
    seam=re.compile("[，；：。、（）—而但]"),
)

NEGATIONS: Final = {Script.LATIN: _ENGLISH, Script.CYRILLIC: _RUSSIAN, Script.HAN: _CHINESE}
"""By the script that the languages are told by."""
