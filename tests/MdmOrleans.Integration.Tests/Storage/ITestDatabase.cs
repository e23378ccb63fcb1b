using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>An empty database of one test class, without a schema yet.</summary>
public interface ITestDatabase
{
    /// <summary>Composes the storage as Server does.</summary>
    void AddStorage(IServiceCollection services);

    /// <summary>What a server in a process of its own is told, by key of the configuration.</summary>
    IEnumerable<KeyValuePair<string, string>> Settings { get; }

    /// <summary>Runs one statement past the storage, as an operator would.</summary>
    Task ExecuteAsync(string sql);
}
