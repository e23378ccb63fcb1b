using MdmOrleans.Integration.Tests.Http;

namespace MdmOrleans.Integration.Tests.Access;

public sealed class AccessStreamLifeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-access-life-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_stream_ends_with_the_server_and_goes_on_behind_its_cursor_with_the_next_one()
    {
        string? place;
        string key;
        await using (var before = await ApiHost.StartAsync(_directory))
        {
            key = await before.ReadAdminKeyAsync();
            var gate = await Gate.OpenAsync(before, new ApiClient(before.Address, key), "acme");
            await gate.AddAsync("a");
            await gate.AddAsync("b");
            using var source = await EventSource.OpenAsync(before.Address, key, "/v1/tenants/acme/access/stream");
            await gate.LetInAsync("a");
            await source.NextAsync();
            place = source.LastId;
            await gate.LetInAsync("b");
            await source.NextAsync();

            await before.DisposeAsync();

            Assert.Null(await source.NextAsync());
        }

        await using var after = await ApiHost.StartAsync(_directory);
        using var again = await EventSource.OpenAsync(after.Address, key, "/v1/tenants/acme/access/stream", place);
        var change = await again.NextAsync();

        Assert.Equal("b", change!.Value.GetProperty("device").GetString());
    }
}
