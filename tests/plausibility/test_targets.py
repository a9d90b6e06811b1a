import pytest

KIND = "actual-against-target"


REACHED = "文中说已完成或超过目标，而实际的79口少于目标80口。"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[水窖]{I1}任务[80口]{C>I1:TARGET}，超额完成[79口]{C>I1}。", REACHED),
        ("[水窖]{I1}任务[80口]{C>I1:TARGET}，实际[79口]{C>I1}，超额完成任务。", REACHED),
        ("[水窖]{I1}建成[79口]{C>I1}，超过年度计划[80口]{C>I1:TARGET}。", REACHED),
        ("[水窖]{I1}建成[79口]{C>I1}，提前两个月完成[80口]{C>I1:TARGET}的目标。", REACHED),
        (
            "[水窖]{I1}建成[92口]{C>I1}，未达到年度目标[80口]{C>I1:TARGET}。",
            "文中说没有达到目标，而实际的92口多于目标80口。",
        ),
        (
            "[水窖]{I1}目标[80口]{C>I1:TARGET}，只完成[92口]{C>I1}。",
            "文中说没有达到目标，而实际的92口多于目标80口。",
        ),
        (
            "[水窖]{I1}计划[80口]{C>I1:TARGET}，实际[800口]{C>I1}。",
            "实际的800口达到目标80口的10倍以上，请核对数位。",
        ),
    ],
)
def test_results_that_contradict_their_target(messages, line, message):
    assert messages(line) == [message]


@pytest.mark.parametrize(
    "line",
    [
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，超额完成[92口]{C>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，实际[60口]{C>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，已提前完成[9口]{C>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，圆满完成上半年修建[60口]{C>I1}。",
        "[水窖]{I1}计划[80口]{C>I1:TARGET}，完成[92口]{C>I1}，但仍有资金不足的问题。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，只完成[60口]{C>I1}。",
        "[水窖]{I1}任务[约80口]{C>I1:TARGET}，超额完成[79口]{C>I1}。",
        # Not yet, and not beyond.
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[60口]{C>I1}，预计年底全部完成任务。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[60口]{C>I1}，年底将全部完成任务。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[79口]{C>I1}，确保全面完成任务。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[79口]{C>I1}，未超额完成任务。",
        # The less the better.
        "[公务用车]{I1}控制目标[80辆]{C>I1:TARGET}，实有[70辆]{C>I1}，圆满完成任务。",
        "[会议]{I1}目标[80场]{C>I1:TARGET}以内，实际[70场]{C>I1}，圆满完成任务。",
        # Of all years, or of one of many.
        "[水窖]{I1}今年计划[40口]{C>I1:TARGET}，累计建成[860口]{C>I1}。",
        "[水窖]{I1}建成[860口]{C>I1}，本月计划[40口]{C>I1:TARGET}。",
        "[水窖]{I1}每村计划[4口]{C>I1:TARGET}，建成[60口]{C>I1}。",
        # Another thing, another unit.
        "[水窖]{I1}[79口]{C>I1}，[水渠]{I2}超额完成年度任务[80口]{C>I2:TARGET}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，超额完成，惠及[60户]{C>I1}。",
        # Often the lower the better.
        "[差错率]{I1}目标[2%]{R>I1:TARGET}，实际[1%]{R>I1}，超额完成目标。",
        # What is left, what comes next, by how much, and some of several.
        "[水窖]{I1}建成[860口]{C>I1}，任务剩余[31口]{C>I1:TARGET}。",
        "[水窖]{I1}建成[860口]{C>I1}，明年计划[40口]{C>I1:TARGET}。",
        "[水窖]{I1}建成[860口]{C>I1}，超年度计划[40口]{C>I1:TARGET}。",
        "[水窖]{I1}规划[22项]{C>I1:TARGET}任务，完成或超额完成[20项]{C>I1}。",
    ],
)
def test_results_that_do_not(messages, line):
    assert messages(line) == []
