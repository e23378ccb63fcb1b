using MdmOrleans.Server.Hosting;

namespace MdmOrleans.Server.Demo;

/// <summary>The two keys of the demo: the administrator's, and a second person's who may approve what the first one asks for.</summary>
internal sealed class DemoSecrets(string directory, string? configured)
{
    public string AdministratorPath => Path.Combine(directory, "admin-key");

    public string ApproverPath => Path.Combine(directory, "demo-key");

    public string Administrator => configured ?? File.ReadAllText(AdministratorPath).Trim();

    /// <summary>As short as it can be written from where the demo was started.</summary>
    public static string Shown(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path) is var near && near.StartsWith("..", StringComparison.Ordinal) ? path : near;

    public string Directory => directory;

    public bool HasApprover => File.Exists(ApproverPath);

    public void KeepApprover(string secret) => PrivateFile.Write(ApproverPath, System.Text.Encoding.UTF8.GetBytes(secret + "\n"));
}
