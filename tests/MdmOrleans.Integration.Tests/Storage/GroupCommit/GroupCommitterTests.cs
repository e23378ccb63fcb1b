using MdmOrleans.Core;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MdmOrleans.Integration.Tests.Storage.GroupCommit;

public sealed class GroupCommitterTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private readonly PacedTime _time = new();
    private readonly ScriptedProcessor _database = new();
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<StoreFailures>().AddSingleton<StorageInstruments>().BuildServiceProvider();
    private readonly GroupCommitter<string, string> _committer;

    public GroupCommitterTests() => _committer = ACommitter(batchSize: 16, capacity: 32);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _database.Behavior = (_, _) => Task.CompletedTask; // after a failed test, too, the lane must be able to end
        await AdvanceUntilAsync(_committer.DisposeAsync().AsTask());
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_is_what_gathered_while_the_last_one_committed()
    {
        var gate = HoldFirstBatch();
        var first = Submit("first");
        await _database.NextBatchAsync();

        var rest = SubmitAll("b", "c", "d");
        gate.SetResult();

        Assert.Equal("first done", await first);
        Assert.Equal(["b done", "c done", "d done"], await Task.WhenAll(rest));
        Assert.Equal(["first", "b c d"], Batches());
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_its_size()
    {
        var gate = HoldFirstBatch();
        var first = Submit("first");
        await _database.NextBatchAsync();
        var rest = Enumerable.Range(0, 20).Select(i => Submit($"{i}")).ToArray();
        gate.SetResult();

        await Task.WhenAll(rest);
        await first;

        Assert.Equal([1, 16, 4], _database.Batches.Select(batch => batch.Length));
    }

    [Fact]
    public async Task Two_items_of_one_row_never_share_a_batch_and_keep_their_order()
    {
        var gate = HoldFirstBatch();
        var first = Submit("first");
        await _database.NextBatchAsync();
        var rest = SubmitAll("x1", "y1", "x2", "x3", "z1");
        gate.SetResult();

        await Task.WhenAll(rest);
        await first;

        Assert.Equal(["first", "x1 y1 z1", "x2", "x3"], Batches());
    }

    [Fact]
    public async Task One_lane_has_one_batch_under_way()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => Submit($"{i}"), Cancellation)));

        Assert.Equal(1, _database.Widest);
    }

    [Fact]
    public async Task An_item_that_cannot_be_stored_fails_alone()
    {
        var gate = HoldFirstBatch();
        var first = Submit("first");
        await _database.NextBatchAsync();
        _database.Behavior = (batch, _) => batch.Contains("poison") ? throw new FormatException("no such thing") : Task.CompletedTask;
        var rest = SubmitAll("a", "b", "poison", "c", "d", "e", "f", "g");
        gate.SetResult();
        await first;

        await Assert.ThrowsAsync<FormatException>(() => rest[2]);

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], (await Task.WhenAll(rest.Where((_, i) => i != 2))).Select(outcome => outcome[..1]));
    }

    [Fact]
    public async Task A_transient_fault_is_tried_again_after_a_pause_and_nobody_notices()
    {
        _database.Behavior = (_, _) => throw new IOException("connection lost");
        var save = Submit("a");
        await _database.NextBatchAsync();

        _database.Behavior = (_, _) => Task.CompletedTask;
        await _time.PassPausesUntilAsync(save);

        Assert.Equal("a again", await save);
        Assert.Equal(["a", "a"], Batches());
    }

    [Fact]
    public async Task While_the_database_is_away_every_caller_is_answered_within_its_patience()
    {
        _database.Behavior = (_, _) => throw new IOException("connection refused");
        var started = _time.GetTimestamp();

        var saves = Enumerable.Range(0, 40).Select(i => Submit($"{i}")).ToArray();
        await _time.PassPausesUntilAsync(Task.WhenAll(saves));

        foreach (var save in saves)
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => save);
        }

        Assert.InRange(_time.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10)); // in which a device is owed an answer
    }

    [Fact]
    public async Task A_database_that_hangs_and_does_not_even_hear_that_it_is_canceled_holds_nobody_up()
    {
        var never = new TaskCompletionSource();
        _database.Behavior = (_, _) => never.Task;
        var save = Submit("a");
        await _database.NextBatchAsync();
        var behind = Submit("b");

        _database.Behavior = (_, _) => Task.CompletedTask;
        await AdvanceUntilAsync(save);
        await AdvanceUntilAsync(behind);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => save);
        never.SetResult();
        Assert.Equal("c done", await Submit("c"));
    }

    [Fact]
    public async Task A_fault_that_no_retry_can_heal_fails_the_whole_batch_at_once()
    {
        _database.Behavior = (_, _) => throw new UnauthorizedAccessException("permission denied");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Submit("a"));

        Assert.Equal(["a"], Batches());
    }

    [Fact]
    public async Task Who_finds_the_lane_full_waits_for_a_place()
    {
        var gate = HoldFirstBatch();
        var first = Submit("first");
        await _database.NextBatchAsync();
        var full = Enumerable.Range(0, 32).Select(i => Submit($"{i}")).ToArray();

        var late = Submit("late");
        gate.SetResult();

        Assert.Equal("late done", await late);
        await Task.WhenAll([first, .. full]);
    }

    [Fact]
    public async Task Who_finds_no_place_in_time_is_told_that_the_store_is_overloaded()
    {
        var never = new TaskCompletionSource();
        _database.Behavior = (_, _) => never.Task;
        var first = Submit("first");
        await _database.NextBatchAsync();
        var full = Enumerable.Range(0, 32).Select(i => Submit($"{i}")).ToArray();

        var late = Submit("late");
        _time.Advance(Patience);

        Assert.Contains("overloaded", (await Assert.ThrowsAsync<StorageUnavailableException>(() => late)).Message, StringComparison.Ordinal);
        never.SetResult();
        await AdvanceUntilAsync(Task.WhenAll([first, .. full]));
    }

    [Fact]
    public async Task Who_gives_up_waiting_for_a_place_is_not_stored()
    {
        var gate = HoldFirstBatch();
        var first = Submit("first");
        await _database.NextBatchAsync();
        var full = Enumerable.Range(0, 32).Select(i => Submit($"{i}")).ToArray();
        using var patience = new CancellationTokenSource();

        var late = _committer.SubmitAsync(0, "late", patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        gate.SetResult();
        await Task.WhenAll([first, .. full]);
        Assert.DoesNotContain(_database.Batches, batch => batch.Contains("late"));
    }

    [Fact]
    public async Task Everything_that_was_accepted_is_carried_to_its_end_before_disposal_completes()
    {
        await using var committer = ACommitter(batchSize: 4, capacity: 64);
        var saves = Enumerable.Range(0, 50).Select(i => committer.SubmitAsync(0, $"{i}", Cancellation)).ToArray();

        await committer.DisposeAsync();

        Assert.All(saves, save => Assert.True(save.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => committer.SubmitAsync(0, "late", Cancellation));
    }

    private static bool IsSameRow(string? left, string? right) => left?[0] == right?[0] && left is ['x' or 'y' or 'z', ..];

    private GroupCommitter<string, string> ACommitter(int batchSize, int capacity) => new(
        _database,
        EqualityComparer<string>.Create((left, right) => left == right || IsSameRow(left, right), item => item[0]),
        new GroupCommitOptions
        {
            Name = "test",
            Lanes = 1,
            BatchSize = batchSize,
            LaneCapacity = capacity,
            Patience = Patience,
            Backoff = TimeSpan.FromMilliseconds(10),
        },
        _services.GetRequiredService<StorageInstruments>(),
        _time,
        NullLogger.Instance);

    private Task<string> Submit(string item) => _committer.SubmitAsync(0, item, Cancellation);

    private Task<string>[] SubmitAll(params string[] items) => [.. items.Select(Submit)];

    private IEnumerable<string> Batches() => _database.Batches.Select(batch => string.Join(' ', batch));

    private TaskCompletionSource HoldFirstBatch()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _database.Behavior = (batch, _) => batch is ["first"] ? gate.Task : Task.CompletedTask;
        return gate;
    }

    /// <summary>Lets the fake clock run until <paramref name="task"/> has ended, whichever way.</summary>
    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }
}
