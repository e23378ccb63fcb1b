using System.Runtime.Versioning;
using MdmOrleans.Agent.Sdk.Commands;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Integration.Tests.Agents;

[SupportedOSPlatform("linux")]
public sealed class CommandJournalTests : IDisposable
{
    private static readonly CommandReport Succeeded = new(ReportStatusNames.Succeeded);

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_was_finished_is_known_after_a_restart()
    {
        using (var journal = Opened())
        {
            journal.Begin("c1");
            journal.Finish("c1", Succeeded);
        }

        using var again = Opened();

        Assert.Equal(Succeeded, again.Find("c1")?.Report);
        Assert.Equal(["c1"], again.Unacknowledged().Select(e => e.Id));
    }

    [Fact]
    public void What_was_acknowledged_is_not_reported_after_a_restart()
    {
        using (var journal = Opened())
        {
            journal.Begin("c1");
            journal.Finish("c1", Succeeded);
            journal.Acknowledge("c1", Succeeded);
        }

        using var again = Opened();

        Assert.NotNull(again.Find("c1"));
        Assert.Empty(again.Unacknowledged());
    }

    [Fact]
    public void A_report_that_has_been_overtaken_acknowledges_nothing()
    {
        using var journal = Opened();
        journal.Begin("c1");
        journal.Finish("c1", Succeeded);

        journal.Acknowledge("c1", new CommandReport(ReportStatusNames.Executing));

        Assert.Single(journal.Unacknowledged());
    }

    [Fact]
    public void What_was_forgotten_may_run_again_after_a_restart()
    {
        using (var journal = Opened())
        {
            journal.Begin("c1");
            journal.Forget("c1");
        }

        using var again = Opened();

        Assert.Null(again.Find("c1"));
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_spoils_nothing()
    {
        using (var journal = Opened())
        {
            journal.Begin("c1");
            journal.Finish("c1", Succeeded);
            journal.Begin("c2");
        }

        File.AppendAllText(_path, """{"id":"c3","rep""");
        using var again = Opened();

        Assert.Equal(Succeeded, again.Find("c1")?.Report);
        Assert.Equal("interrupted", again.Find("c2")?.Report?.Code);
        Assert.Null(again.Find("c3"));
    }

    [Fact]
    public void The_file_stays_small_and_the_oldest_commands_are_forgotten()
    {
        using (var journal = Opened())
        {
            for (var i = 0; i < 100; i++)
            {
                journal.Begin($"c{i}");
                journal.Finish($"c{i}", Succeeded);
            }
        }

        var lines = File.ReadAllLines(_path).Length;
        using var again = Opened();

        Assert.InRange(lines, 8, 33);
        Assert.Null(again.Find("c0"));
        Assert.NotNull(again.Find("c99"));
    }

    [Fact]
    public void Only_its_owner_may_read_what_commands_brought_about()
    {
        using var journal = Opened();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [Fact]
    public void Two_agents_do_not_share_a_journal()
    {
        using var first = Opened();
        using var second = new CommandJournal(capacity: 8);

        Assert.Throws<IOException>(() => second.Open(_path));
    }

    private CommandJournal Opened()
    {
        var journal = new CommandJournal(capacity: 8);
        journal.Open(_path);
        return journal;
    }
}
